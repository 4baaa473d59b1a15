import { RowError } from '../errors.js'
import { copyBytes, LOOP_BYTES, NOT_ASCII, viewOf } from './byte-view.js'
import { putSvar32, putVar32, putVar64 } from './put.js'
import { repaired, wellFormed } from './utf8.js'

// Buffer primitives (spec: storage.md §2):
//   i8 i16 i32 i64  big-endian
//   var   int: ≥0 base-128 little-endian groups; <0 sign-extended to 64 bits, 10 bytes.  long: base-128 of the 64 bits
//   svar  zigzag, then base-128
//   pbytes svar(length) bytes; null is svar(-1)
//   p2bytes i16 length, bytes; null is -1
//   pad(n) bytes, zeros up to n; more than n bytes is an error
//   pstr p2str padStr  the same of text: bytes that are no UTF-8 become U+FFFD, as in the original collector
// 64-bit values come as two int32 (hi, lo), clock values as milliseconds: no bigint on the hot path.

const INITIAL_BYTES = 64 * 1024
const TWO_32 = 4294967296
/** Most bytes of an int and of a long, 7 bits a byte. */
const VAR32_BYTES = 5
const VAR64_BYTES = 10
/** Smaller lengths are one byte as svar. */
const SMALL_SVAR = 64

/** Appends encoded values to one growing buffer. */
export class RowWriter {
  /** valid up to `len`; replaced when it grows */
  buf: Buffer
  /** of buf */
  view: DataView
  len = 0
  /** more than this many bytes are RowError `too_large`: looked at when the buffer grows, and by checkLimit() */
  limit = 0x7fffffff

  constructor(initialBytes = INITIAL_BYTES) {
    this.buf = Buffer.allocUnsafeSlow(initialBytes)
    this.view = new DataView(this.buf.buffer)
  }

  /** Throws when n more bytes are more than the limit. */
  checkLimit(n = 0): void {
    if (this.len + n > this.limit)
      throw new RowError('too_large', `the rows of one message go beyond byte ${this.limit} of their batch`)
  }

  /** Makes room for n more bytes. */
  ensure(n: number): void {
    if (this.len + n > this.buf.length) this.grow(n)
  }

  private grow(n: number): void {
    const need = this.len + n
    this.checkLimit(n)
    const bigger = Buffer.allocUnsafeSlow(Math.max(need, this.buf.length + (this.buf.length >>> 1)))
    this.buf.copy(bigger, 0, 0, this.len)
    this.buf = bigger
    this.view = new DataView(bigger.buffer)
  }

  i8(v: number): void {
    if (this.len + 1 > this.buf.length) this.grow(1)
    this.buf[this.len++] = v
  }

  i16(v: number): void {
    if (this.len + 2 > this.buf.length) this.grow(2)
    this.view.setInt16(this.len, v)
    this.len += 2
  }

  i32(v: number): void {
    if (this.len + 4 > this.buf.length) this.grow(4)
    this.view.setInt32(this.len, v)
    this.len += 4
  }

  i64(hi: number, lo: number): void {
    if (this.len + 8 > this.buf.length) this.grow(8)
    this.view.setInt32(this.len, hi)
    this.view.setInt32(this.len + 4, lo)
    this.len += 8
  }

  /** 0x7fffffffffffffff - value */
  rev64(hi: number, lo: number): void {
    this.i64(0x7fffffff ^ hi, ~lo)
  }

  /** i64 of a time in ms */
  time64(ms: number): void {
    const hi = Math.floor(ms / TWO_32)
    this.i64(hi, ms - hi * TWO_32)
  }

  /** rev64 of a time in ms */
  revTime64(ms: number): void {
    const hi = Math.floor(ms / TWO_32)
    this.rev64(hi, ms - hi * TWO_32)
  }

  f64(v: number): void {
    this.ensure(8)
    this.view.setFloat64(this.len, v)
    this.len += 8
  }

  /** var(int) */
  var32(v: number): void {
    this.ensure(v < 0 ? VAR64_BYTES : VAR32_BYTES)
    this.len = putVar32(this.view, this.len, v)
  }

  /** var(long) */
  var64(hi: number, lo: number): void {
    this.ensure(VAR64_BYTES)
    this.len = putVar64(this.view, this.len, hi, lo)
  }

  /** svar(int) */
  svar32(v: number): void {
    this.ensure(VAR32_BYTES)
    this.len = putSvar32(this.view, this.len, v)
  }

  /** svar(long) */
  svar64(hi: number, lo: number): void {
    const sign = hi >> 31
    this.var64(((hi << 1) | (lo >>> 31)) ^ sign, (lo << 1) ^ sign)
  }

  /** The bytes src[at..at+n) as they are; none for n < 0. */
  raw(src: Uint8Array, at: number, n: number): void {
    if (n <= 0) return
    if (this.len + n > this.buf.length) this.grow(n)
    if (n <= LOOP_BYTES) copyBytes(this.view, this.len, viewOf(src), at, n)
    else this.buf.set(src.subarray(at, at + n), this.len)
    this.len += n
  }

  /** The n bytes at `at` of what was written before, once more; n is small. */
  again(at: number, n: number): void {
    if (this.len + n > this.buf.length) this.grow(n)
    copyBytes(this.view, this.len, this.view, at, n)
    this.len += n
  }

  /** n < 0 is null */
  pbytes(src: Uint8Array, at: number, n: number): void {
    if (n < 0) {
      this.i8(1)
      return
    }
    this.svar32(n)
    this.raw(src, at, n)
  }

  /** n < 0 is null */
  p2bytes(src: Uint8Array, at: number, n: number): void {
    if (n > 32767) throw new RowError('too_long', `a value of ${n} bytes stands where the table allows 32767`)
    this.i16(n < 0 ? -1 : n)
    if (n > 0) this.raw(src, at, n)
  }

  /** n < 0 is null: zeros only */
  pad(src: Uint8Array, at: number, n: number, width: number): void {
    if (n > width) throw new RowError('name_too_long', `a name of ${n} bytes stands where the row key has ${width}`)
    if (this.len + width > this.buf.length) this.grow(width)
    if (n > 0) copyBytes(this.view, this.len, viewOf(src), at, n)
    for (let i = Math.max(n, 0); i < width; i++) this.buf[this.len + i] = 0
    this.len += width
  }

  /** Starts a value of unknown size that pbytes will hold. @returns what endSized() takes */
  beginSized(): number {
    this.i8(0)
    return this.len
  }

  /** Puts the svar length in front of what was written since beginSized(). */
  endSized(at: number): void {
    const n = this.len - at
    if (n < SMALL_SVAR) {
      this.buf[at - 1] = n << 1
      return
    }
    const head = svar32Size(n)
    this.ensure(head - 1)
    this.buf.copyWithin(at - 1 + head, at, this.len)
    this.len = at - 1
    this.svar32(n)
    this.len += n
  }

  /** Appends n bytes, for which there is room, when all of them are ASCII; else nothing. */
  private ascii(src: Uint8Array, at: number, n: number): boolean {
    if ((copyBytes(this.view, this.len, viewOf(src), at, n) & NOT_ASCII) !== 0) return false
    this.len += n
    return true
  }

  pstr(src: Uint8Array, at: number, n: number): void {
    if (n > 0 && n < SMALL_SVAR) {
      if (this.len + 1 + n > this.buf.length) this.grow(1 + n)
      this.buf[this.len++] = n << 1
      if (this.ascii(src, at, n)) return
      this.len--
    }
    if (n <= 0 || wellFormed(src, at, n)) this.pbytes(src, at, n)
    else {
      const text = repaired(src, at, n)
      this.pbytes(text, 0, text.length)
    }
  }

  p2str(src: Uint8Array, at: number, n: number): void {
    if (n <= 0 || wellFormed(src, at, n)) this.p2bytes(src, at, n)
    else {
      const text = repaired(src, at, n)
      this.p2bytes(text, 0, text.length)
    }
  }

  padStr(src: Uint8Array, at: number, n: number, width: number): void {
    if (n <= 0 || wellFormed(src, at, n)) this.pad(src, at, n, width)
    else {
      const text = repaired(src, at, n)
      this.pad(text, 0, text.length, width)
    }
  }

  /** Text without a length; null is empty. */
  str(src: Uint8Array, at: number, n: number): void {
    if (n <= 0) return
    if (wellFormed(src, at, n)) this.raw(src, at, n)
    else {
      const text = repaired(src, at, n)
      this.raw(text, 0, text.length)
    }
  }
}

/** Bytes that svar(int) takes. */
export function svar32Size(v: number): number {
  const z = ((v << 1) ^ (v >> 31)) >>> 0
  return z < 0x80 ? 1 : z < 0x4000 ? 2 : z < 0x200000 ? 3 : z < 0x10000000 ? 4 : 5
}
