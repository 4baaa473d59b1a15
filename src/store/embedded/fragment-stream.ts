import { SUFFIX_BYTES } from './fragment-key.js'
import type { TableLayout } from './layout.js'
import type { PartitionSnapshot } from './partition.js'
import { saltAt, storedRowEnd } from './row-key.js'

/** Stored keys from `start` up to, not including, `stop`; with `salt` only the rows of that salt (re-ordered tables). */
export interface StoredRange {
  start: Buffer
  stop: Buffer
  salt: number
}

/** No salt to look for. */
export const ANY_SALT = -1

interface Entry {
  key: Buffer
  value: Buffer
  version?: number
}

/**
 * The fragments (or counter cells) of one partition in a range, in order, one at a time: `row` and `rest` are the two
 * parts of the key, `value` and `time` what was stored. Holds one LMDB cursor; close() frees it.
 */
export class FragmentStream {
  row!: Buffer
  rest!: Buffer
  value!: Buffer
  /** ms: accept time of a fragment, last change of a counter */
  time = 0
  private cursor: Iterator<Entry>
  private readonly saltAt: number

  constructor(
    private readonly layout: TableLayout,
    private readonly snapshot: PartitionSnapshot,
    private readonly range: StoredRange,
  ) {
    this.saltAt = range.salt === ANY_SALT ? -1 : saltAt(layout)
    this.cursor = this.seek(range.start)
  }

  private seek(start: Buffer): Iterator<Entry> {
    const { db, transaction } = this.snapshot
    const range = db.getRange({ start, end: this.range.stop, versions: true, transaction })
    return range[Symbol.iterator]() as Iterator<Entry>
  }

  /** @returns false at the end */
  next(): boolean {
    for (;;) {
      const step = this.cursor.next()
      if (step.done) return false
      const { key, value, version } = step.value
      if (this.saltAt < 0 || key[this.saltAt] === this.range.salt) {
        const end = this.layout.table.kind === 'put' ? key.length - SUFFIX_BYTES : storedRowEnd(this.layout, key)
        this.row = key.subarray(0, end)
        this.rest = key.subarray(end)
        this.value = value
        this.time = version ?? 0
        return true
      }
      this.cursor.return?.()
      this.cursor = this.seek(this.saltBehind(key))
    }
  }

  /** The next place of the wanted salt: in the window of `key`, or in the one behind it. */
  private saltBehind(key: Buffer): Buffer {
    const target = Buffer.from(key.subarray(0, this.saltAt + 1))
    const behind = target[this.saltAt] > this.range.salt
    target[this.saltAt] = this.range.salt
    if (!behind) return target
    let i = this.saltAt - 1
    while (++target[i] > 0xff) i--
    return target
  }

  close(): void {
    this.cursor.return?.()
  }
}
