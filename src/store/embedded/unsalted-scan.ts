import { compareUnsalted, saltsOf } from '../../row/rowkey.js'
import type { StoredRow, UnsaltedRange } from '../store.js'
import { ANY_SALT, type StoredRange } from './fragment-stream.js'
import type { TableLayout } from './layout.js'
import { storedRowKey } from './row-key.js'
import { storedRanges } from './stored-ranges.js'

// Where the salt stands behind the high bytes of the time, all rows of one window (65 s) follow each other, salt by salt:
// a window is read as a whole and sorted, or, when it has many rows, in slices of two seconds, of each the rows of all
// salts. In other salted tables the ranges of all salts are read, then sorted.

/** Rows that a consumer gets at once. */
const CHUNK_ROWS = 500
/** Rows of a window that is read as a whole. */
const WINDOW_ROWS = 4_000
/** Values of the key's byte behind the window that make a slice, of 256. */
const SLICE_STEP = 8

/** Reads the rows of stored ranges, in their order. */
export type ReadRanges = (ranges: Iterable<StoredRange>) => AsyncIterable<StoredRow>

/** The rows of a range in the order of their keys without the salt. */
export async function* scanUnsalted(
  layout: TableLayout,
  range: UnsaltedRange,
  read: ReadRanges,
): AsyncGenerator<StoredRow[]> {
  let left = range
  while (Buffer.compare(left.start, left.stop) < 0) {
    const large: Buffer | undefined = yield* scanWindows(layout, left, read)
    if (large === undefined) return
    yield* scanSlices(layout, left, large, read)
    left = behindWindow(layout, left, large)
  }
}

/** @returns a window with too many rows, of which nothing was given */
async function* scanWindows(
  layout: TableLayout,
  range: UnsaltedRange,
  read: ReadRanges,
): AsyncGenerator<StoredRow[], Buffer | undefined> {
  const { salt } = layout.table
  const isWanted = inRange(layout, range)
  let rows: StoredRow[] = []
  let group: Buffer | undefined
  let ofGroup = 0
  for await (const row of read(rangesOf(layout, range))) {
    range.signal?.throwIfAborted()
    if (layout.salt !== null) {
      const window = windowOf(layout, row.key.subarray(1))
      if (group === undefined || !group.equals(window)) {
        if (rows.length > 0) yield sorted(layout, range, rows)
        rows = []
        ofGroup = 0
      }
      group = window
      if (++ofGroup > WINDOW_ROWS) return window
    } else if (salt === null && !range.reverse && rows.length >= CHUNK_ROWS) {
      yield rows
      rows = []
    }
    if (isWanted(row)) rows.push(row)
  }
  if (rows.length > 0) yield sorted(layout, range, rows)
  return undefined
}

/** The rows of one window, as far as the range has it. */
async function* scanSlices(
  layout: TableLayout,
  range: UnsaltedRange,
  window: Buffer,
  read: ReadRanges,
): AsyncGenerator<StoredRow[]> {
  const isWanted = inRange(layout, range)
  for (let i = 0; i < 256; i += SLICE_STEP) {
    const from = range.reverse ? 256 - SLICE_STEP - i : i
    if (isOutside(layout, range, window, from, from + SLICE_STEP)) continue
    const rows: StoredRow[] = []
    for await (const row of read(sliceRanges(layout, window, from, from + SLICE_STEP))) {
      range.signal?.throwIfAborted()
      if (isWanted(row)) rows.push(row)
    }
    if (rows.length > 0) yield sorted(layout, range, rows)
  }
}

/** Whether a slice lies before the range or behind it. */
function isOutside(
  { salt }: TableLayout,
  { start, stop }: UnsaltedRange,
  window: Buffer,
  from: number,
  to: number,
): boolean {
  const [first, last] = [from, to - 1].map((byte) => {
    const key = Buffer.from(window)
    key[salt!.at] |= byte & ~salt!.mask
    return key
  })
  return first.compare(stop) >= 0 || last.compare(start.subarray(0, last.length)) < 0
}

/** One range a salt: the rows of it in which the byte behind the window is in [from, to). */
function* sliceRanges(layout: TableLayout, window: Buffer, from: number, to: number): Generator<StoredRange> {
  const head = Buffer.concat([Buffer.of(layout.table.id), window])
  for (let salt = 0; salt < layout.table.salt!.buckets; salt++) {
    const stop = to > 0xff ? [salt + 1] : [salt, to]
    yield {
      start: Buffer.concat([head, Buffer.of(salt, from)]),
      stop: Buffer.concat([head, Buffer.from(stop)]),
      salt: ANY_SALT,
    }
  }
}

/** What is left of a range when a window of it is done. */
function behindWindow(layout: TableLayout, range: UnsaltedRange, window: Buffer): UnsaltedRange {
  if (range.reverse) return { ...range, stop: window }
  const next = following(layout, Buffer.concat([Buffer.of(layout.table.id), window]))
  return { ...range, start: next.subarray(1) }
}

function inRange({ table: { salt } }: TableLayout, { start, stop }: UnsaltedRange): (row: StoredRow) => boolean {
  return ({ key }) => {
    const own = salt === null ? key : key.subarray(1)
    return own.compare(start) >= 0 && own.compare(stop) < 0
  }
}

function sorted({ table: { salt } }: TableLayout, { reverse }: UnsaltedRange, rows: StoredRow[]): StoredRow[] {
  rows.sort((a, b) => compareUnsalted(salt, a.key, b.key))
  return reverse ? rows.reverse() : rows
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
  const behind = windowOf(layout, Buffer.from(stop))
  const stopped = Buffer.concat([table, behind])
  // nothing of a window is wanted when the range stops where it begins
  const last = behind.equals(stop) ? preceding(layout, stopped) : stopped
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
