import type { Accounting } from '../accounting.js'
import type { RowWriter } from '../row/row-writer.js'
import { saltPrefix } from '../row/rowkey.js'
import { TABLES, type Table } from '../row/tables.js'
import { BytesIndex } from './bytes-index.js'
import type { IncrementBatch, IncrementRow } from './increment-batch.js'

// Counters between two flushes (spec: storage.md §6.5), keyed by table, row and column:
//   key => table:u8  keyLength:u16  row key (salted)  column

const HEAD = 3

/** Merges counts; begin(), the unsalted row key to `w`, endKey(), the column to `w`, add(). */
export class CounterMap {
  private readonly index = new BytesIndex()
  readonly w: RowWriter = this.index.w
  private deltas: Float64Array = new Float64Array(256)
  private times: Float64Array = new Float64Array(256)
  private table: Table = TABLES[0]
  private at = 0

  constructor(
    private readonly maxBytes: number,
    private readonly accounting: Accounting,
    private readonly now: () => number,
  ) {}

  get size(): number {
    return this.index.size
  }

  /** Memory of the keys. */
  get bytes(): number {
    return this.index.bytes
  }

  /** Half of the memory is used. */
  get crowded(): boolean {
    return 2 * this.index.bytes > this.maxBytes
  }

  begin(t: Table): void {
    this.table = t
    this.index.mark()
    this.at = this.w.len
    this.w.i8(t.id)
    this.w.i16(0)
    if (t.salt !== null) this.w.i8(0)
  }

  endKey(): void {
    const w = this.w
    const keyAt = this.at + HEAD
    w.view.setUint16(this.at + 1, w.len - keyAt)
    const salt = this.table.salt
    if (salt !== null) w.buf[keyAt] = saltPrefix(salt, w.buf, keyAt + 1, w.len)
  }

  add(delta = 1, time = this.now()): void {
    const before = this.index.size
    if (this.w.len > this.maxBytes && !this.known()) {
      this.index.rewind()
      this.accounting.counts.dropped += delta
      return
    }
    const entry = this.index.put()
    if (entry < before) {
      this.deltas[entry] += delta
      if (time < this.times[entry]) this.times[entry] = time
      return
    }
    if (entry === this.deltas.length) {
      this.deltas = doubled(this.deltas)
      this.times = doubled(this.times)
    }
    this.deltas[entry] = delta
    this.times[entry] = time
  }

  /** Forgets a counter that was begun and could not be written whole. */
  abandon(): void {
    this.index.rewind()
  }

  private known(): boolean {
    const end = this.w.len
    const found = this.index.find() >= 0
    this.w.len = end
    return found
  }

  /** Takes all counters out, grouped by row. */
  take(): IncrementBatch {
    const buf = this.w.buf
    const rows = new Map<string, IncrementRow>()
    for (let entry = 0; entry < this.index.size; entry++) {
      const at = this.index.keyAt(entry)
      const keyAt = at + HEAD
      const columnAt = keyAt + buf.readUInt16BE(at + 1)
      const group = buf.toString('latin1', at, columnAt)
      let row = rows.get(group)
      if (row === undefined) {
        row = { table: buf[at], key: Buffer.from(buf.subarray(keyAt, columnAt)), columns: [], time: this.times[entry] }
        rows.set(group, row)
      } else if (this.times[entry] < row.time) row.time = this.times[entry]
      row.columns.push({
        qualifier: Buffer.from(buf.subarray(columnAt, this.index.keyEnd(entry))),
        delta: this.deltas[entry],
      })
    }
    this.index.clear()
    return [...rows.values()]
  }

  /** Puts rows back that could not be written. */
  putBack(rows: IncrementBatch): void {
    for (const row of rows) {
      for (const column of row.columns) {
        this.index.mark()
        this.at = this.w.len
        this.w.i8(row.table)
        this.w.i16(row.key.length)
        this.w.raw(row.key, 0, row.key.length)
        this.w.raw(column.qualifier, 0, column.qualifier.length)
        this.add(column.delta, row.time)
      }
    }
  }
}

function doubled(values: Float64Array): Float64Array {
  const bigger = new Float64Array(values.length * 2)
  bigger.set(values)
  return bigger
}
