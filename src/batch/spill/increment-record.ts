import type { IncrementBatch } from '../../aggregate/increment-batch.js'
import { RowWriter } from '../../row/row-writer.js'

// increment => rowCount:u32 row*
// row       => table:u8 time:f64 keyLength:u16 key columnCount:u32 column*
// column    => qualifierLength:u16 qualifier delta:f64

const COUNT_BYTES = 4

function f64(v: number): Buffer {
  const buf = Buffer.allocUnsafe(8)
  buf.writeDoubleBE(v)
  return buf
}

function bytes(w: RowWriter, value: Buffer): void {
  w.i16(value.length)
  w.raw(value, 0, value.length)
}

export function writeIncrements(batch: IncrementBatch): Uint8Array[] {
  const w = new RowWriter()
  w.i32(batch.length)
  for (const { table, time, key, columns } of batch) {
    w.i8(table)
    w.raw(f64(time), 0, 8)
    bytes(w, key)
    w.i32(columns.length)
    for (const { qualifier, delta } of columns) {
      bytes(w, qualifier)
      w.raw(f64(delta), 0, 8)
    }
  }
  return [w.buf.subarray(0, w.len)]
}

export function readIncrements(payload: Buffer): IncrementBatch {
  let at = COUNT_BYTES
  const take = (): Buffer => {
    const from = at + 2
    at = from + payload.readUInt16BE(at)
    return payload.subarray(from, at)
  }
  const batch: IncrementBatch = []
  for (let rows = payload.readUInt32BE(0); rows > 0; rows--) {
    const table = payload[at]
    const time = payload.readDoubleBE(at + 1)
    at += 9
    const key = take()
    const columns = []
    const columnCount = payload.readUInt32BE(at)
    at += 4
    for (let i = 0; i < columnCount; i++) {
      const qualifier = take()
      columns.push({ qualifier, delta: payload.readDoubleBE(at) })
      at += 8
    }
    batch.push({ table, key, columns, time })
  }
  return batch
}
