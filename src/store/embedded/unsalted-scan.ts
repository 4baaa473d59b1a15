import { compareUnsalted, saltsOf } from '../../row/rowkey.js'
import type { StoredRow, UnsaltedRange } from '../store.js'
import { ANY_SALT, type StoredRange } from './fragment-stream.js'
import type { TableLayout } from './layout.js'
import { storedRowKey } from './row-key.js'
import { storedRanges } from './stored-ranges.js'

// Where the salt stands behind the high bytes of the time, all rows of one window (65 s) follow each other, salt by salt:
// a window is read as a whole and sorted. In other salted tables the ranges of all salts are read, then sorted.

/** Rows that a consumer gets at once. */
const CHUNK_ROWS = 500

/** Reads the rows of stored ranges, in their order. */
export type ReadRanges = (ranges: Iterable<StoredRange>) => AsyncIterable<StoredRow>

/** The rows of a range in the order of their keys without the salt. */
export async function* scanUnsalted(
  layout: TableLayout,
  range: UnsaltedRange,
  read: ReadRanges,
): AsyncGenerator<StoredRow[]> {
  if (Buffer.compare(range.start, range.stop) >= 0) return
  const { salt } = layout.table
  const sorted = (rows: StoredRow[]): StoredRow[] => {
    rows.sort((a, b) => compareUnsalted(salt, a.key, b.key))
    return range.reverse ? rows.reverse() : rows
  }
  let rows: StoredRow[] = []
  let group: Buffer | undefined
  const first = Buffer.from(range.start)
  for await (const row of read(rangesOf(layout, range))) {
    range.signal?.throwIfAborted()
    const key = salt === null ? row.key : row.key.subarray(1)
    if (key.compare(first) < 0 || key.compare(range.stop) >= 0) continue
    if (layout.salt !== null) {
      const window = windowOf(layout, key)
      if (group !== undefined && !group.equals(window)) {
        if (rows.length > 0) yield sorted(rows)
        rows = []
      }
      group = window
    } else if (salt === null && !range.reverse && rows.length >= CHUNK_ROWS) {
      yield rows
      rows = []
    }
    rows.push(row)
  }
  if (rows.length > 0) yield sorted(rows)
}

/** What a key has in front of the salt of its stored form. */
function windowOf(layout: TableLayout, key: Buffer): Buffer {
  const { at, mask } = layout.salt!
  const window = Buffer.from(key.subarray(0, at + 1))
  if (window.length > at) window[at] &= mask
  return window
}

function* rangesOf(layout: TableLayout, range: UnsaltedRange): Generator<StoredRange> {
  const { start, stop, reverse = false } = range
  const { salt } = layout.table
  if (salt === null) {
    yield* storedRanges(layout, { start, stop })
  } else if (layout.salt === null) {
    for (const prefix of saltsOf(salt, start, stop)) {
      const [from, to] = [start, stop].map((key) => storedRowKey(layout, Buffer.concat([Buffer.of(prefix), key])))
      yield { start: from, stop: to, salt: ANY_SALT }
    }
  } else {
    yield* windowRanges(layout, start, stop, reverse)
  }
}

/** One range of all windows, or, last first, one a window. */
function* windowRanges(
  layout: TableLayout,
  start: Uint8Array,
  stop: Uint8Array,
  reverse: boolean,
): Generator<StoredRange> {
  const table = Buffer.of(layout.table.id)
  const first = Buffer.concat([table, windowOf(layout, Buffer.from(start))])
  const last = Buffer.concat([table, windowOf(layout, Buffer.from(stop))])
  if (!reverse) {
    yield { start: first, stop: following(layout, last), salt: ANY_SALT }
    return
  }
  for (let window: Buffer = last; window.compare(first) >= 0; window = preceding(layout, window)) {
    yield { start: window, stop: following(layout, window), salt: ANY_SALT }
  }
}

/** A window is a number whose lowest bit is that of the mask, or that of the byte before when nothing is masked. */
function stepOf(layout: TableLayout): { index: number; step: number } {
  const { at, mask } = layout.salt!
  return mask === 0 ? { index: at, step: 1 } : { index: at + 1, step: mask & -mask }
}

function following(layout: TableLayout, window: Buffer): Buffer {
  const out = Buffer.from(window)
  let { index, step } = stepOf(layout)
  for (; index >= 0; index--, step = 1) {
    const value = out[index] + step
    out[index] = value & 0xff
    if (value <= 0xff) break
  }
  return out
}

function preceding(layout: TableLayout, window: Buffer): Buffer {
  const out = Buffer.from(window)
  let { index, step } = stepOf(layout)
  for (; index >= 0; index--, step = 1) {
    const value = out[index] - step
    out[index] = value & 0xff
    if (value >= 0) break
  }
  return out
}
