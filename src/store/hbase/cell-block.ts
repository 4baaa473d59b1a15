import type { StoredCell } from '../store.js'

// cell block => cell*                                              (KeyValueCodec; big-endian)
// cell       => length:u32  keyLength:u32  valueLength:u32  key  value        (length does not count itself)
// key        => rowLength:u16  row  familyLength:u8  family  qualifier  timestamp:i64  type:u8

/** Bytes of a cell beside row, family, qualifier and value. */
export const CELL_FRAME_BYTES = 4 + 4 + 4 + 2 + 1 + 8 + 1
/** Bytes of a key beside row, family and qualifier. */
export const KEY_FRAME_BYTES = 2 + 1 + 8 + 1
/** KeyValue.Type.Put; of increments too. */
export const TYPE_PUT = 4
/** Rows and families have a length of two bytes and of one, the first of them signed. */
export const MAX_ROW_BYTES = 0x7fff

const LENGTHS_BYTES = 12
const TWO_32 = 0x1_0000_0000

export interface BlockCell extends StoredCell {
  row: Buffer
}

/** Reads a cell block one cell after the other; what it hands out are views. */
export class CellBlockReader {
  private at = 0

  constructor(private readonly block: Buffer) {}

  get atEnd(): boolean {
    return this.at >= this.block.length
  }

  /** Throws RangeError when the block ends in the middle of a cell. */
  next(): BlockCell {
    const { block } = this
    const at = this.at
    const end = at + 4 + block.readUInt32BE(at)
    const keyAt = at + LENGTHS_BYTES
    const valueAt = keyAt + block.readUInt32BE(at + 4)
    const familyAt = keyAt + 3 + block.readUInt16BE(keyAt)
    const qualifierAt = familyAt + block.readUInt8(familyAt - 1)
    const timeAt = valueAt - 9
    const valueEnd = valueAt + block.readUInt32BE(at + 8)
    if (valueEnd > end || end > block.length || qualifierAt > timeAt) throw new RangeError(`bad cell at byte ${at}`)
    this.at = end
    return {
      row: block.subarray(keyAt + 2, familyAt - 1),
      family: block.toString('latin1', familyAt, qualifierAt),
      qualifier: block.subarray(qualifierAt, timeAt),
      value: block.subarray(valueAt, valueEnd),
      timestamp: block.readInt32BE(timeAt) * TWO_32 + block.readUInt32BE(timeAt + 4),
    }
  }
}
