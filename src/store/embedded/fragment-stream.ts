import type { RangeOptions } from 'lmdb'
import { SUFFIX_BYTES } from './fragment-key.js'
import type { TableLayout } from './layout.js'
import type { PartitionDb, PartitionSnapshot } from './partition.js'
import { saltAt, storedRowEnd } from './row-key.js'

/** Stored keys from `start` up to, not including, `stop`; with `salt` only the rows of that salt (re-ordered tables). */
export interface StoredRange {
  start: Buffer
  stop: Buffer
  salt: number
}

/** No salt to look for. */
export const ANY_SALT = -1

/** What one step of a stream came to. */
export enum Step {
  Row,
  End,
  /** no row of the wanted salt so far; ask again */
  More,
}

/** Entries looked at before the caller may do something else. */
const MAX_STEPS = 200
interface Value {
  value: Buffer
  version?: number
}

interface Entry extends Value {
  key: Buffer
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
  private readonly db: PartitionDb
  private readonly options: RangeOptions
  private readonly entries: Iterable<Entry | Buffer>
  private cursor: Iterator<Entry | Buffer>
  private readonly saltAt: number

  constructor(
    private readonly layout: TableLayout,
    snapshot: PartitionSnapshot,
    private readonly range: StoredRange,
  ) {
    this.saltAt = range.salt === ANY_SALT ? -1 : saltAt(layout)
    const { db, transaction } = snapshot
    this.db = db
    this.options = { start: range.start, end: range.stop, transaction }
    this.entries =
      this.saltAt < 0
        ? (db.getRange({ ...this.options, versions: true }) as Iterable<Entry>)
        : (db.getKeys(this.options) as Iterable<Buffer>)
    this.cursor = this.entries[Symbol.iterator]()
  }

  /** The binding reads `start` when iteration begins; to begin anew costs half of what a new range does. */
  private seek(start: Buffer): void {
    this.cursor.return?.()
    this.options.start = start
    this.cursor = this.entries[Symbol.iterator]()
  }

  next(): Step {
    return this.saltAt < 0 ? this.nextEntry() : this.nextOfSalt()
  }

  private nextEntry(): Step {
    const step = (this.cursor as Iterator<Entry>).next()
    if (step.done) return Step.End
    this.take(step.value.key, step.value)
    return Step.Row
  }

  /** Reads keys only, so that the pages of values that are passed over stay untouched. */
  private nextOfSalt(): Step {
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const step = (this.cursor as Iterator<Buffer>).next()
      if (step.done) return Step.End
      const key = step.value
      if (key[this.saltAt] === this.range.salt) {
        this.take(key, this.db.getEntry(key, this.options) as Value)
        return Step.Row
      }
      this.seek(this.saltBehind(key))
    }
    return Step.More
  }

  private take(key: Buffer, entry: Value): void {
    const end = this.layout.table.kind === 'put' ? key.length - SUFFIX_BYTES : storedRowEnd(this.layout, key)
    this.row = key.subarray(0, end)
    this.rest = key.subarray(end)
    this.value = entry.value
    this.time = entry.version ?? 0
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
