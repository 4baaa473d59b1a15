import { ROW_INTS, ROW_MESSAGE, ROW_TABLE, type RowBatch } from '../../row/row-batch.js'

// put => messageCount:u32 rowCount:u32 type:u8*messageCount row*rowCount bytes       bytes: RowBatch.w
// row => table:u8 message:u32 keyAt:u32 cellsAt:u32 end:u32 time:f64                 offsets in bytes

const COUNTS = 8
const ROW_BYTES = 25

/** The batch as a payload; the last part is a view of it. */
export function writePut(batch: RowBatch): Uint8Array[] {
  const { rows, times, rowCount, messageTypes } = batch
  const buf = Buffer.allocUnsafe(COUNTS + messageTypes.length + rowCount * ROW_BYTES)
  let at = buf.writeUInt32BE(messageTypes.length, 0)
  at = buf.writeUInt32BE(rowCount, at)
  for (const type of messageTypes) buf[at++] = type
  for (let row = 0, slot = 0; row < rowCount; row++, slot += ROW_INTS) {
    buf[at++] = rows[slot + ROW_TABLE]
    at = buf.writeUInt32BE(rows[slot + ROW_MESSAGE], at)
    for (let i = 1; i < ROW_MESSAGE; i++) at = buf.writeUInt32BE(rows[slot + i], at)
    at = buf.writeDoubleBE(times[row], at)
  }
  return [buf, batch.w.buf.subarray(0, batch.bytes)]
}

/** Adds the rows and messages of a payload to the batch. */
export function readPut(payload: Buffer, batch: RowBatch): void {
  const messageCount = payload.readUInt32BE(0)
  const rowCount = payload.readUInt32BE(4)
  const firstMessage = batch.messageCount
  const base = batch.bytes
  let at = COUNTS
  for (let message = 0; message < messageCount; message++) batch.messageTypes.push(payload[at++])
  const bytesAt = at + rowCount * ROW_BYTES
  batch.reserveRows(rowCount)
  for (let row = 0; row < rowCount; row++, at += ROW_BYTES) {
    const slot = batch.rowCount * ROW_INTS
    batch.rows[slot + ROW_TABLE] = payload[at]
    batch.rows[slot + ROW_MESSAGE] = firstMessage + payload.readUInt32BE(at + 1)
    for (let i = 1; i < ROW_MESSAGE; i++) batch.rows[slot + i] = base + payload.readUInt32BE(at + 1 + 4 * i)
    batch.times[batch.rowCount++] = payload.readDoubleBE(at + 17)
  }
  batch.w.limit = 0x7fffffff
  batch.w.raw(payload, bytesAt, payload.length - bytesAt)
}
