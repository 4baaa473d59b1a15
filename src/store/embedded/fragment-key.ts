import { randomBytes } from 'node:crypto'
import { LAYOUTS, type TableLayout } from './layout.js'
import { storedRowBytes, writeRowKey } from './row-key.js'

// Keys in a partition:
//   fragment => stored row key (row-key.ts)  suffix           one put of a row
//   suffix   => time:u48 (ms, of writing)  writer:u32  sequence:u32
//   counter  => stored row key  qualifier                      one cell
//   prime    => ff 00                                          the file is ready (Partition.prime)
//   seal     => ff 01                                          nothing may be written any more

/** Bytes behind the stored row key of a fragment: unique, and in the order of writing. */
export const SUFFIX_BYTES = 14

/** LMDB's limit with pages of 4096 bytes, less a reserve of the binding. */
export const MAX_KEY_BYTES = 1978

export const SEAL = Buffer.from([0xff, 1])
export const PRIME = Buffer.from([0xff, 0])

const TIME_HIGH = 0x1_0000_0000

/**
 * The key that is written next. One instance is passed for all puts and changed between them: the binding asks it for
 * its bytes at once, which saves a buffer a row.
 */
export class NextKey {
  private readonly writer = randomBytes(4).readUInt32BE()
  private sequence = 0
  private time = 0
  private layout: TableLayout = LAYOUTS[0]
  private src: Uint8Array = SEAL
  private at = 0
  private end = 0
  private qualifier: Uint8Array | null = null

  /** Time of writing for the fragments that follow, ms; never goes back, whatever the clock does. @returns it */
  startWrite(now: number): number {
    if (now > this.time) this.time = now
    return this.time
  }

  /** The next key is a fragment of the row src[at..end). @returns whether it fits */
  fragment(layout: TableLayout, src: Uint8Array, at: number, end: number): boolean {
    this.layout = layout
    this.src = src
    this.at = at
    this.end = end
    this.qualifier = null
    return storedRowBytes(layout, end - at) + SUFFIX_BYTES <= MAX_KEY_BYTES
  }

  /** The next key is a counter cell. @returns whether it fits */
  counter(layout: TableLayout, row: Uint8Array, qualifier: Uint8Array): boolean {
    this.layout = layout
    this.src = row
    this.at = 0
    this.end = row.length
    this.qualifier = qualifier
    return storedRowBytes(layout, row.length) + qualifier.length <= MAX_KEY_BYTES
  }

  /** This, where the binding's types want bytes. */
  get asBytes(): Uint8Array {
    return this as unknown as Uint8Array
  }

  /** Writes the key to target[to..). @returns its end */
  write(target: Uint8Array, to: number): number {
    to = writeRowKey(this.layout, this.src, this.at, this.end, target, to)
    if (this.qualifier !== null) {
      target.set(this.qualifier, to)
      return to + this.qualifier.length
    }
    const high = Math.floor(this.time / TIME_HIGH)
    target[to++] = high >>> 8
    target[to++] = high
    to = writeU32(this.time % TIME_HIGH, target, to)
    to = writeU32(this.writer, target, to)
    to = writeU32(this.sequence, target, to)
    this.sequence = (this.sequence + 1) >>> 0
    return to
  }
}

function writeU32(v: number, target: Uint8Array, to: number): number {
  target[to++] = v >>> 24
  target[to++] = v >>> 16
  target[to++] = v >>> 8
  target[to++] = v
  return to
}

/** Time of writing of a fragment, ms. */
export function suffixTime(suffix: Buffer): number {
  return suffix.readUIntBE(0, 6)
}
