// Byte strings → small integers, without a JavaScript string per look-up.
//
//   arena  | key 0 | key 1 | key 2 | …           entries   start end hash | start end hash | …
//   slots  open addressing, power of two, linear probing: entry + 1, or 0 for empty
//
// A look-up writes its key behind the last one; when it is there already the arena is cut back.

import { randomInt } from 'node:crypto'
import { sameBytes, WORD_BYTES } from '../row/byte-view.js'
import { RowWriter } from '../row/row-writer.js'

const ENTRY_INTS = 3

// Keys come from strangers: whoever knew the hash could choose names that all want the same slot, and each look-up would
// walk over all of them. Both numbers are of this process; nothing outside of it sees a hash.
const SEED = randomInt(2 ** 32) | 0
/** In the place of FNV's prime; 5 modulo 8, as good multipliers are. */
const MULTIPLIER = (randomInt(2 ** 32) & ~7) | 5

export class BytesIndex {
  /** write the key to look up here, from mark() on */
  readonly w = new RowWriter()
  private entries = new Int32Array(256 * ENTRY_INTS)
  private slots = new Int32Array(1024)
  private count = 0
  private start = 0

  get size(): number {
    return this.count
  }

  /** Bytes of all keys. */
  get bytes(): number {
    return this.w.len
  }

  /** Starts a key. */
  mark(): void {
    this.start = this.w.len
  }

  /** Forgets the key begun. */
  rewind(): void {
    this.w.len = this.start
  }

  /** The number of the key begun when it is known, else -1; the key is forgotten then. */
  find(): number {
    const slot = this.probe(this.hashOfKey())
    const entry = this.slots[slot] - 1
    this.rewind()
    return entry
  }

  /** The number of the key begun; a new key gets the next number (= size before). */
  put(): number {
    const hash = this.hashOfKey()
    const slot = this.probe(hash)
    const known = this.slots[slot] - 1
    if (known >= 0) {
      this.rewind()
      return known
    }
    const at = this.count * ENTRY_INTS
    if (at === this.entries.length) {
      const bigger = new Int32Array(this.entries.length * 2)
      bigger.set(this.entries)
      this.entries = bigger
    }
    this.entries[at] = this.start
    this.entries[at + 1] = this.w.len
    this.entries[at + 2] = hash
    this.slots[slot] = ++this.count
    if (this.count * 2 > this.slots.length) this.rehash()
    return this.count - 1
  }

  /** Where the key of that number starts in w.buf. */
  keyAt(entry: number): number {
    return this.entries[entry * ENTRY_INTS]
  }

  keyEnd(entry: number): number {
    return this.entries[entry * ENTRY_INTS + 1]
  }

  clear(): void {
    this.w.len = 0
    this.count = 0
    this.slots.fill(0)
  }

  private hashOfKey(): number {
    return hashOf(this.w.view, this.start, this.w.len)
  }

  private probe(hash: number): number {
    const mask = this.slots.length - 1
    let slot = firstSlot(hash, mask)
    for (;;) {
      const entry = this.slots[slot] - 1
      if (entry < 0) return slot
      if (this.entries[entry * ENTRY_INTS + 2] === hash && this.same(entry)) return slot
      slot = (slot + 1) & mask
    }
  }

  private same(entry: number): boolean {
    const from = this.keyAt(entry)
    const n = this.keyEnd(entry) - from
    if (n !== this.w.len - this.start) return false
    return sameBytes(this.w.view, from, this.start, n)
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2)
    const mask = this.slots.length - 1
    for (let entry = 0; entry < this.count; entry++) {
      const hash = this.entries[entry * ENTRY_INTS + 2]
      let slot = firstSlot(hash, mask)
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask
      this.slots[slot] = entry + 1
    }
  }
}

/** FNV-1a by words, with this process's own numbers; high bits come down after each, which a product only carries up. */
export function hashOf(view: DataView, start: number, end: number): number {
  let h = SEED
  let at = start
  for (const words = end - WORD_BYTES; at <= words; at += WORD_BYTES) {
    h = Math.imul(h ^ view.getInt32(at, true), MULTIPLIER)
    h ^= h >>> 15
  }
  for (; at < end; at++) h = Math.imul(h ^ view.getUint8(at), MULTIPLIER)
  // those of the last word too
  return Math.imul(h ^ (h >>> 16), MULTIPLIER)
}

/** Where a key of that hash is looked for first. */
export function firstSlot(hash: number, mask: number): number {
  return (hash ^ (hash >>> 15)) & mask
}
