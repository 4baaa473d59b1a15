import { RowError } from '../errors.js'

// Buffer primitives (spec: storage.md §2):
//   i8 i16 i32 i64  big-endian
//   var   int: ≥0 base-128 little-endian groups; <0 sign-extended to 64 bits, 10 bytes.  long: base-128 of the 64 bits
//   svar  zigzag, then base-128
//   pbytes svar(length) bytes; null is svar(-1)
//   p2bytes i16 length, bytes; null is -1
//   pad(n) bytes, zeros up to n; more than n bytes is an error
// 64-bit values come as two int32 (hi, lo): no bigint on the hot path.

const INITIAL_BYTES = 64 * 1024

/** Appends encoded values to one growing buffer. */
export class RowWriter {
  /** valid up to `len`; replaced when it grows */
  buf = Buffer.allocUnsafeSlow(INITIAL_BYTES)
  len = 0
  /** growing past this many bytes throws RowError `too_large` */
  limit = 0x7fffffff

  /** Makes room for n more bytes. */
  ensure(n: number): void {
    if (this.len + n > this.buf.length) this.grow(n)
  }

  private grow(n: number): void {
    const need = this.len + n
    if (need > this.limit) throw new RowError('too_large', `the rows of one message need more than ${this.limit} bytes`)
    const bigger = Buffer.allocUnsafeSlow(Math.max(need, this.buf.length + (this.buf.length >>> 1)))
    this.buf.copy(bigger, 0, 0, this.len)
    this.buf = bigger
  }

  i8(v: number): void {
    if (this.len + 1 > this.buf.length) this.grow(1)
    this.buf[this.len++] = v
  }

  i16(v: number): void {
    if (this.len + 2 > this.buf.length) this.grow(2)
    const b = this.buf
    b[this.len] = v >>> 8
    b[this.len + 1] = v
    this.len += 2
  }

  i32(v: number): void {
    if (this.len + 4 > this.buf.length) this.grow(4)
    const b = this.buf
    b[this.len] = v >>> 24
    b[this.len + 1] = v >>> 16
    b[this.len + 2] = v >>> 8
    b[this.len + 3] = v
    this.len += 4
  }

  i64(hi: number, lo: number): void {
    this.i32(hi)
    this.i32(lo)
  }

  /** 0x7fffffffffffffff - value */
  rev64(hi: number, lo: number): void {
    this.i32(0x7fffffff ^ hi)
    this.i32(~lo)
  }

  f64(v: number): void {
    this.ensure(8)
    this.buf.writeDoubleBE(v, this.len)
    this.len += 8
  }

  /** var(int) */
  var32(v: number): void {
    if (v < 0) {
      this.var64(-1, v)
      return
    }
    if (this.len + 5 > this.buf.length) this.grow(5)
    const b = this.buf
    let at = this.len
    while (v > 0x7f) {
      b[at++] = (v & 0x7f) | 0x80
      v >>>= 7
    }
    b[at++] = v
    this.len = at
  }

  /** var(long) */
  var64(hi: number, lo: number): void {
    if (this.len + 10 > this.buf.length) this.grow(10)
    const b = this.buf
    let at = this.len
    while (hi !== 0 || lo >>> 0 > 0x7f) {
      b[at++] = (lo & 0x7f) | 0x80
      lo = (lo >>> 7) | (hi << 25)
      hi >>>= 7
    }
    b[at++] = lo
    this.len = at
  }

  /** svar(int) */
  svar32(v: number): void {
    v = (v << 1) ^ (v >> 31)
    if (this.len + 5 > this.buf.length) this.grow(5)
    const b = this.buf
    let at = this.len
    while (v >>> 0 > 0x7f) {
      b[at++] = (v & 0x7f) | 0x80
      v >>>= 7
    }
    b[at++] = v
    this.len = at
  }

  /** svar(long) */
  svar64(hi: number, lo: number): void {
    const sign = hi >> 31
    this.var64(((hi << 1) | (lo >>> 31)) ^ sign, (lo << 1) ^ sign)
  }

  /** The bytes src[at..at+n) as they are. */
  raw(src: Uint8Array, at: number, n: number): void {
    if (this.len + n > this.buf.length) this.grow(n)
    const b = this.buf
    const to = this.len
    if (n < 48) for (let i = 0; i < n; i++) b[to + i] = src[at + i]
    else b.set(src.subarray(at, at + n), to)
    this.len = to + n
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
    const b = this.buf
    const to = this.len
    let i = 0
    for (; i < n; i++) b[to + i] = src[at + i]
    for (; i < width; i++) b[to + i] = 0
    this.len = to + width
  }
}

/** Bytes that svar(int) takes. */
export function svar32Size(v: number): number {
  const z = ((v << 1) ^ (v >> 31)) >>> 0
  return z < 0x80 ? 1 : z < 0x4000 ? 2 : z < 0x200000 ? 3 : z < 0x10000000 ? 4 : 5
}

/** Bytes that var(long) takes. */
export function var64Size(hi: number, lo: number): number {
  let n = 1
  while (hi !== 0 || lo >>> 0 > 0x7f) {
    lo = (lo >>> 7) | (hi << 25)
    hi >>>= 7
    n++
  }
  return n
}

/** Bytes that pbytes takes for n bytes (n < 0: null). */
export function pbytesSize(n: number): number {
  return n < 0 ? 1 : svar32Size(n) + n
}
