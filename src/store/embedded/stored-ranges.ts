import type { ScanRange } from '../store.js'
import type { StoredRange } from './fragment-stream.js'
import { ANY_SALT } from './fragment-stream.js'
import type { TableLayout } from './layout.js'
import { afterRow, storedRowKey } from './row-key.js'

const NOTHING = new Uint8Array(0)

/** The stored ranges that, one after the other, hold the rows of a scan in the order of rows. */
export function* storedRanges(layout: TableLayout, range: ScanRange): Generator<StoredRange> {
  const first = Buffer.of(layout.table.id)
  const last = Buffer.of(layout.table.id + 1)
  const from = range.start ?? NOTHING
  const to = range.stop
  if (layout.salt === null) {
    const start = from.length === 0 ? first : storedRowKey(layout, from)
    yield { start, stop: to === undefined ? last : storedRowKey(layout, to), salt: ANY_SALT }
    return
  }
  // the rows of one salt are in order, so: one range a salt
  const buckets = layout.table.salt?.buckets ?? 256
  const firstSalt = from.length === 0 ? 0 : from[0]
  const endSalt = to === undefined ? buckets : Math.min(buckets, to.length === 0 ? 0 : to[0] + (to.length > 1 ? 1 : 0))
  for (let salt = firstSalt; salt < endSalt; salt++) {
    const start = salt === firstSalt && from.length > 1 ? storedRowKey(layout, from) : first
    const stop = to !== undefined && salt === to[0] ? storedRowKey(layout, to) : last
    if (start.compare(stop) < 0) yield { start, stop, salt }
  }
}

/** The stored range of one row. */
export function rangeOfRow(layout: TableLayout, key: Uint8Array): StoredRange {
  const start = storedRowKey(layout, key)
  return { start, stop: afterRow(start), salt: ANY_SALT }
}

/** What is left of a range behind a row that was given. */
export function rangeBehind(range: StoredRange, stored: Buffer): StoredRange {
  return { ...range, start: afterRow(stored) }
}
