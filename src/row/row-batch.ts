import { RowError } from '../errors.js'
import { RowWriter } from './row-writer.js'
import { saltPrefix } from './rowkey.js'
import type { Table } from './tables.js'
import { TABLES } from './tables.js'

// A batch is one buffer of rows, each a put of all its cells (one row is written whole or not at all):
//
//   buf   | key  cells | key  cells | …
//   rows  | table keyAt cellsAt end message | …            (int32, ROW_INTS a row)
//   times | accept time in ms | …                          (float64, one a row)
//
//   cells => cell*
//   cell  => family:u8 (index in table.families)  qualifierLength:u16  qualifier  valueLength:u32  value
//
// Messages are numbered in the batch from 0; a message's rows follow each other.

/** Bytes of a cell before its qualifier. */
export const CELL_HEAD = 3
const MAX_QUALIFIER_BYTES = 0xffff

/** int32 slots of one row in RowBatch.rows. */
export const ROW_INTS = 5
export const ROW_TABLE = 0
export const ROW_KEY_AT = 1
export const ROW_CELLS_AT = 2
export const ROW_END = 3
export const ROW_MESSAGE = 4

/** Called once for a message that somebody waits for: null = all rows stored, else why not. */
export type MessageDone = (error: Error | null) => void

export interface PlainCell {
  family: string
  qualifier: Buffer
  value: Buffer
}

export interface PlainRow {
  table: string
  key: Buffer
  /** accept time, ms */
  time: number
  cells: PlainCell[]
}

/** Rows on their way to the store. Re-used through reset(). */
export class RowBatch {
  readonly w: RowWriter
  rows = new Int32Array(1024 * ROW_INTS)
  times = new Float64Array(1024)
  rowCount = 0
  /** message type number (thrift/message-type.ts) by message */
  readonly messageTypes: number[] = []
  readonly waiting = new Map<number, MessageDone>()
  private time = 0
  private table: Table = TABLES[0]
  private rowAt = 0
  private lengthAt = 0

  /** @param bytes that its rows will have: one that grows leaves its former buffers behind */
  constructor(bytes?: number) {
    this.w = new RowWriter(bytes)
  }

  get messageCount(): number {
    return this.messageTypes.length
  }

  /** Bytes of rows in it. */
  get bytes(): number {
    return this.w.len
  }

  /** Accept time of the first row, ms; undefined: there is none. */
  get acceptedAt(): number | undefined {
    return this.rowCount === 0 ? undefined : this.times[0]
  }

  /** Starts a message; its rows carry this accept time (ms). @returns its number */
  beginMessage(type: number, time: number, maxBytes: number): number {
    this.time = time
    this.w.limit = this.w.len + maxBytes
    return this.messageTypes.push(type) - 1
  }

  /** Forgets the rows of the last message from row number `rowCount` on (its own or a part of them). */
  truncate(rowCount: number, bytes: number): void {
    this.rowCount = rowCount
    this.w.len = bytes
  }

  /** Forgets the last message, which must have no row. */
  popMessage(): void {
    this.messageTypes.pop()
  }

  /** Starts a row; write the unsalted key to `w`, then endKey(). */
  beginRow(table: Table): void {
    this.table = table
    this.rowAt = this.w.len
    if (table.salt !== null) this.w.i8(0)
  }

  endKey(): void {
    const w = this.w
    const salt = this.table.salt
    if (salt !== null) w.buf[this.rowAt] = saltPrefix(salt, w.buf, this.rowAt + 1, w.len)
    let at = this.rowCount * ROW_INTS
    if (at === this.rows.length) this.growRows()
    const rows = this.rows
    rows[at++] = this.table.id
    rows[at++] = this.rowAt
    rows[at++] = w.len
    rows[at++] = w.len
    rows[at] = this.messageTypes.length - 1
    this.times[this.rowCount] = this.time
  }

  /** Starts a cell; write the qualifier to `w`, then beginValue(), the value, endCell(). */
  beginCell(family: number): void {
    this.w.i8(family)
    this.lengthAt = this.w.len
    this.w.i16(0)
  }

  beginValue(): void {
    const w = this.w
    const n = w.len - this.lengthAt - 2
    if (n > MAX_QUALIFIER_BYTES) throw new RowError('too_long', `a qualifier of ${n} bytes`)
    w.view.setUint16(this.lengthAt, n)
    this.lengthAt = w.len
    w.i32(0)
  }

  endCell(): void {
    const w = this.w
    w.view.setUint32(this.lengthAt, w.len - this.lengthAt - 4)
  }

  endRow(): void {
    this.w.checkLimit()
    this.rows[this.rowCount * ROW_INTS + ROW_END] = this.w.len
    this.rowCount++
  }

  reset(): void {
    this.w.len = 0
    this.rowCount = 0
    this.messageTypes.length = 0
    this.waiting.clear()
  }

  /** Makes room for n more rows. */
  reserveRows(n: number): void {
    while ((this.rowCount + n) * ROW_INTS > this.rows.length) this.growRows()
  }

  private growRows(): void {
    const rows = new Int32Array(this.rows.length * 2)
    rows.set(this.rows)
    this.rows = rows
    const times = new Float64Array(this.times.length * 2)
    times.set(this.times)
    this.times = times
  }

  /** The rows as plain objects (copies): for tests and slow paths. */
  plain(): PlainRow[] {
    const out: PlainRow[] = []
    for (let i = 0; i < this.rowCount; i++) {
      const at = i * ROW_INTS
      const t = TABLES[this.rows[at + ROW_TABLE]]
      const cellsAt = this.rows[at + ROW_CELLS_AT]
      out.push({
        table: t.name,
        key: Buffer.from(this.w.buf.subarray(this.rows[at + ROW_KEY_AT], cellsAt)),
        time: this.times[i],
        cells: plainCells(t, this.w.buf, cellsAt, this.rows[at + ROW_END]),
      })
    }
    return out
  }
}

/** Calls back for each cell that stands at buf[at..end): its family index and views of its bytes. */
export function readCells(
  buf: Buffer,
  at: number,
  end: number,
  cell: (family: number, qualifier: Buffer, value: Buffer) => void,
): void {
  while (at < end) {
    const valueLengthAt = at + CELL_HEAD + buf.readUInt16BE(at + 1)
    const valueAt = valueLengthAt + 4
    const next = valueAt + buf.readUInt32BE(valueLengthAt)
    cell(buf[at], buf.subarray(at + CELL_HEAD, valueLengthAt), buf.subarray(valueAt, next))
    at = next
  }
}

/** The cells that stand at buf[at..end), as copies. */
function plainCells(t: Table, buf: Buffer, at: number, end: number): PlainCell[] {
  const cells: PlainCell[] = []
  readCells(buf, at, end, (family, qualifier, value) => {
    cells.push({ family: t.families[family], qualifier: Buffer.from(qualifier), value: Buffer.from(value) })
  })
  return cells
}
