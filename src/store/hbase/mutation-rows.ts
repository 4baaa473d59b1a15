import type { IncrementBatch } from '../../aggregate/increment-batch.js'
import {
  CELL_HEAD,
  ROW_CELLS_AT,
  ROW_END,
  ROW_INTS,
  ROW_KEY_AT,
  ROW_TABLE,
  type RowBatch,
} from '../../row/row-batch.js'
import { TABLES } from '../../row/tables.js'
import type { IncrementId } from '../store.js'
import { CELL_FRAME_BYTES } from './cell-block.js'

/** Rows ready to be written, in the form of a RowBatch; nothing of it may change until they are. */
export interface MutationRows {
  readonly kind: 'put' | 'increment'
  readonly buf: Buffer
  /** ROW_INTS int32 a row, as in RowBatch.rows */
  readonly rows: Int32Array
  readonly rowCount: number
  /** ms, the timestamp of all cells of a row; null: the server's time */
  readonly times: Float64Array | null
  /** by row, increments: what lets the server know a second attempt; below 2^53 */
  readonly nonces: Float64Array | null
  /** by row */
  readonly cellCounts: Int32Array
  /** of the nonces; 0 when there are none */
  readonly nonceGroup: number
  /** by row: bytes in a cell block */
  readonly blockBytes: Int32Array
  /** by row: bytes of the largest value */
  readonly largestValue: Int32Array
}

const VALUE_LENGTH_BYTES = 4
const COUNTER_BYTES = 8
const TWO_32 = 0x1_0000_0000

/** By table id and family number. */
export const FAMILY_NAMES: readonly (readonly Buffer[])[] = TABLES.map((t) => t.families.map((f) => Buffer.from(f)))

function measured(
  kind: MutationRows['kind'],
  buf: Buffer,
  rows: Int32Array,
  rowCount: number,
  times: Float64Array | null,
  nonces: Float64Array | null,
  nonceGroup: number,
): MutationRows {
  const cellCounts = new Int32Array(rowCount)
  const blockBytes = new Int32Array(rowCount)
  const largestValue = new Int32Array(rowCount)
  for (let row = 0, slot = 0; row < rowCount; row++, slot += ROW_INTS) {
    const families = FAMILY_NAMES[rows[slot + ROW_TABLE]]
    const end = rows[slot + ROW_END]
    let at = rows[slot + ROW_CELLS_AT]
    const perCell = CELL_FRAME_BYTES + at - rows[slot + ROW_KEY_AT]
    let cells = 0
    let bytes = 0
    let largest = 0
    while (at < end) {
      const qualifier = (buf[at + 1] << 8) | buf[at + 2]
      const valueLengthAt = at + CELL_HEAD + qualifier
      const value = buf.readUInt32BE(valueLengthAt)
      bytes += perCell + families[buf[at]].length + qualifier + value
      if (value > largest) largest = value
      cells++
      at = valueLengthAt + VALUE_LENGTH_BYTES + value
    }
    cellCounts[row] = cells
    blockBytes[row] = bytes
    largestValue[row] = largest
  }
  return { kind, buf, rows, rowCount, times, nonces, nonceGroup, cellCounts, blockBytes, largestValue }
}

export function putRows(batch: RowBatch): MutationRows {
  return measured('put', batch.w.buf, batch.rows, batch.rowCount, batch.times, null, 0)
}

export function incrementRows(batch: IncrementBatch, id: Pick<IncrementId, 'group' | 'first'>): MutationRows {
  let bytes = 0
  for (const { key, columns } of batch) {
    bytes += key.length
    for (const { qualifier } of columns) bytes += CELL_HEAD + qualifier.length + VALUE_LENGTH_BYTES + COUNTER_BYTES
  }
  const buf = Buffer.allocUnsafeSlow(bytes)
  const rows = new Int32Array(batch.length * ROW_INTS)
  const nonces = new Float64Array(batch.length)
  let at = 0
  for (let row = 0, slot = 0; row < batch.length; row++, slot += ROW_INTS) {
    const { table, key, columns } = batch[row]
    nonces[row] = id.first + row
    rows[slot + ROW_TABLE] = table
    rows[slot + ROW_KEY_AT] = at
    buf.set(key, at)
    rows[slot + ROW_CELLS_AT] = at += key.length
    for (const { qualifier, delta } of columns) {
      buf[at++] = 0
      at = buf.writeUInt16BE(qualifier.length, at)
      buf.set(qualifier, at)
      at = buf.writeUInt32BE(COUNTER_BYTES, at + qualifier.length)
      at = buf.writeUInt32BE(Math.floor(delta / TWO_32), at)
      at = buf.writeUInt32BE(delta % TWO_32, at)
    }
    rows[slot + ROW_END] = at
  }
  return measured('increment', buf, rows, batch.length, null, nonces, id.group)
}

/** The key of a row, as a view. */
export function rowKey(source: MutationRows, row: number): Buffer {
  const slot = row * ROW_INTS
  return source.buf.subarray(source.rows[slot + ROW_KEY_AT], source.rows[slot + ROW_CELLS_AT])
}

/** The Table.id of a row. */
export function tableOf(source: MutationRows, row: number): number {
  return source.rows[row * ROW_INTS + ROW_TABLE]
}

export function keyBytesOf(source: MutationRows, row: number): number {
  const slot = row * ROW_INTS
  return source.rows[slot + ROW_CELLS_AT] - source.rows[slot + ROW_KEY_AT]
}
