import { RowBatch } from '../../src/row/row-batch.js'
import { table } from '../../src/row/tables.js'

export interface TestRow {
  table: string
  /** as stored */
  key: string
  /** family number → qualifier → value */
  cells: [number, string, string][]
}

/** A batch of rows with keys as they are stored, one message a row. */
export function batchOf(rows: TestRow[], time = 1_700_000_000_000): RowBatch {
  const batch = new RowBatch()
  for (const row of rows) {
    const t = table(row.table)
    batch.beginMessage(0, time, 64e6)
    // the salt would be computed: these keys are written as they are
    batch.beginRow({ ...t, salt: null })
    write(batch, row.key)
    batch.endKey()
    for (const [family, qualifier, value] of row.cells) {
      batch.beginCell(family)
      write(batch, qualifier)
      batch.beginValue()
      write(batch, value)
      batch.endCell()
    }
    batch.endRow()
  }
  return batch
}

function write(batch: RowBatch, text: string): void {
  for (const byte of Buffer.from(text, 'latin1')) batch.w.i8(byte)
}
