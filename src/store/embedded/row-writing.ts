import type { IncrementBatch } from '../../aggregate/increment-batch.js'
import { ROW_CELLS_AT, ROW_END, ROW_INTS, ROW_KEY_AT, ROW_TABLE, type RowBatch } from '../../row/row-batch.js'
import type { Refusal } from '../store.js'
import { MAX_KEY_BYTES, type NextKey } from './fragment-key.js'
import { CLASSES, LAYOUTS, type RetentionClass } from './layout.js'
import type { PartitionDb } from './partition.js'

/** Row numbers of a batch by retention class. */
export type RowsByClass = Map<RetentionClass, number[]>

/** Tells rows that can be stored from those that never can. Rows without a cell hold nothing and are left out. */
export function sortRows(batch: RowBatch, key: NextKey, refusals: Refusal[]): RowsByClass {
  const out: RowsByClass = new Map(CLASSES.map((c) => [c, []]))
  const { rows, w } = batch
  for (let row = 0; row < batch.rowCount; row++) {
    const at = row * ROW_INTS
    const layout = LAYOUTS[rows[at + ROW_TABLE]]
    const keyAt = rows[at + ROW_KEY_AT]
    const cellsAt = rows[at + ROW_CELLS_AT]
    if (cellsAt === rows[at + ROW_END]) continue
    const name = layout.table.name
    if (layout.table.kind !== 'put') refuse(refusals, row, 'wrong_operation', `${name} takes increments, not puts`)
    else if (layout.salt !== null && (cellsAt === keyAt || w.buf[keyAt] >= (layout.table.salt?.buckets ?? 0)))
      refuse(refusals, row, 'bad_salt', `a row key of ${name} does not begin with its salt`)
    else if (!key.fragment(layout, w.buf, keyAt, cellsAt)) refuse(refusals, row, 'key_too_long', tooLong(name))
    else out.get(layout.retention)!.push(row)
  }
  return out
}

function refuse(refusals: Refusal[], row: number, reason: string, message: string): void {
  refusals.push({ row, reason, message })
}

function tooLong(table: string): string {
  return `a row key of ${table} takes more than ${MAX_KEY_BYTES} bytes`
}

/** Puts these rows of the batch; the batch's buffer must stay as it is until the transaction has ended. */
export function putRows(db: PartitionDb, batch: RowBatch, chosen: number[], key: NextKey): void {
  const { rows, times, w } = batch
  const buf = w.buf
  for (const row of chosen) {
    const at = row * ROW_INTS
    const cellsAt = rows[at + ROW_CELLS_AT]
    key.fragment(LAYOUTS[rows[at + ROW_TABLE]], buf, rows[at + ROW_KEY_AT], cellsAt)
    void db.put(key.asBytes, buf.subarray(cellsAt, rows[at + ROW_END]), times[row])
  }
}

/** Rows of a counter batch that can be stored, by retention class. */
export function sortCounters(batch: IncrementBatch, key: NextKey, refusals: Refusal[]): RowsByClass {
  const out: RowsByClass = new Map(CLASSES.map((c) => [c, []]))
  batch.forEach((r, row) => {
    const layout = LAYOUTS[r.table]
    const name = layout.table.name
    if (layout.table.kind !== 'increment')
      refuse(refusals, row, 'wrong_operation', `${name} takes puts, not increments`)
    else if (!r.columns.every((c) => key.counter(layout, r.key, c.qualifier)))
      refuse(refusals, row, 'key_too_long', tooLong(name))
    else out.get(layout.retention)!.push(row)
  })
  return out
}

/**
 * Adds the deltas of these rows; must run inside a write transaction. All is read before anything is written: an error
 * until then leaves the transaction as it was, and an error of the engine afterwards fails the transaction as a whole.
 */
export function addCounters(
  db: PartitionDb,
  batch: IncrementBatch,
  chosen: number[],
  key: NextKey,
  time: number,
): void {
  const sums: bigint[] = []
  forEachCounter(batch, chosen, key, (delta) => {
    const before = db.getBinary(key.asBytes)
    sums.push((before === undefined ? 0n : before.readBigInt64BE()) + BigInt(delta))
  })
  const sum = Buffer.allocUnsafeSlow(8)
  let next = 0
  forEachCounter(batch, chosen, key, () => {
    // wraps around, as a Java long does
    sum.writeBigInt64BE(BigInt.asIntN(64, sums[next++]))
    void db.put(key.asBytes, sum, time)
  })
}

/** @param visit is called when `key` is that of the counter */
function forEachCounter(batch: IncrementBatch, chosen: number[], key: NextKey, visit: (delta: number) => void): void {
  for (const row of chosen) {
    const { table, key: rowKey, columns } = batch[row]
    for (const { qualifier, delta } of columns) {
      key.counter(LAYOUTS[table], rowKey, qualifier)
      visit(delta)
    }
  }
}
