import type { IncrementRow } from '../../src/aggregate/increment-batch.js'
import { RowBatch } from '../../src/row/row-batch.js'
import { type Table, table } from '../../src/row/tables.js'
import type { Store, StoredRow } from '../../src/store/store.js'

// Rows as `dump --ts` prints them, into a store: keys, cells and times as they stand there.

const BATCH_BYTES = 1 << 20
const BATCH_COUNTERS = 1_000
const ROW_BYTES = 16 << 20

interface Cell {
  table: Table
  key: Buffer
  family: string
  qualifier: Buffer
  /** ms */
  time: number
  value: Buffer
}

function parseLine(line: string): Cell {
  const [name, key, family, qualifier, time, value] = line.split(' ')
  if (value === undefined) throw new Error(`no line of a dump with timestamps: ${line.slice(0, 80)}`)
  return {
    table: table(name),
    key: bytes(key),
    family,
    qualifier: bytes(qualifier),
    time: Number(time),
    value: bytes(value),
  }
}

function bytes(hex: string): Buffer {
  return hex === '-' ? Buffer.alloc(0) : Buffer.from(hex, 'hex')
}

/** The lines of these rows. */
export function dumpLines({ name }: Table, rows: Iterable<StoredRow>): string[] {
  return [...rows].flatMap(({ key, cells }) =>
    cells.map(({ family, qualifier, timestamp, value }) =>
      [name, hex(key), family, hex(qualifier), timestamp, hex(value)].join(' '),
    ),
  )
}

function hex(of: Buffer): string {
  return of.length === 0 ? '-' : of.toString('hex')
}

/** Writes all lines of a dump; each cell keeps its time in a store that keeps times. @returns cells */
export async function loadDump(store: Store, lines: AsyncIterable<string> | Iterable<string>): Promise<number> {
  const batch = new RowBatch()
  let counters: IncrementRow[] = []
  let cells = 0
  const write = async (): Promise<void> => {
    if (batch.rowCount > 0) await store.put(batch)
    if (counters.length > 0) await store.increment(counters)
    batch.reset()
    counters = []
  }
  for await (const line of lines) {
    if (line === '') continue
    const cell = parseLine(line)
    cells++
    if (cell.table.kind === 'put') addCell(batch, cell)
    else {
      const { key, qualifier, time, value } = cell
      const delta = Number(value.readBigInt64BE())
      counters.push({ table: cell.table.id, key, columns: [{ qualifier, delta }], time })
    }
    if (batch.bytes >= BATCH_BYTES || counters.length >= BATCH_COUNTERS) await write()
  }
  await write()
  return cells
}

/** One row with one cell: stores put the cells of a row together. */
function addCell(batch: RowBatch, { table: of, key, family, qualifier, time, value }: Cell): void {
  batch.beginMessage(0, time, ROW_BYTES)
  // the key has its salt already
  batch.beginRow({ ...of, salt: null })
  batch.w.raw(key, 0, key.length)
  batch.endKey()
  batch.beginCell(of.families.indexOf(family))
  batch.w.raw(qualifier, 0, qualifier.length)
  batch.beginValue()
  batch.w.raw(value, 0, value.length)
  batch.endCell()
  batch.endRow()
}
