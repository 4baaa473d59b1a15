import { DecodeError } from '../../errors.js'

// Primitives of stored values (spec: storage.md §2), all big-endian:
//   i8 i16 i32 i64 f64    fixed width
//   var                   base 128, low group first; a negative int has 10 bytes
//   svar                  zigzag, then var
//   pstr pbytes           svar(length) bytes; length -1: null
//   p2str                 i16 length, bytes; length -1: null

const HIGH = 0x1_0000_0000
const MOST_BITS = 70

/** Reads a stored key or value from its beginning; throws a DecodeError at its end. */
export class RowReader {
  private at: number
  /** the last varint */
  private low = 0
  private high = 0

  constructor(
    private readonly bytes: Buffer,
    at = 0,
  ) {
    this.at = at
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  private take(n: number): number {
    const at = this.at
    if (n < 0 || n > this.left) throw new DecodeError('TRUNCATED', `a stored value ends too early`, at)
    this.at = at + n
    return at
  }

  i8(): number {
    return this.bytes.readInt8(this.take(1))
  }

  bool(): boolean {
    return this.i8() === 1
  }

  i16(): number {
    return this.bytes.readInt16BE(this.take(2))
  }

  i32(): number {
    return this.bytes.readInt32BE(this.take(4))
  }

  /** As a number: times and counters are below 2^53. */
  i64(): number {
    const at = this.take(8)
    return this.bytes.readInt32BE(at) * HIGH + this.bytes.readUInt32BE(at + 4)
  }

  big64(): bigint {
    return this.bytes.readBigInt64BE(this.take(8))
  }

  /** A time stored as 2^63-1 minus the time. */
  rev64(): number {
    const at = this.take(8)
    return (0x7fffffff - this.bytes.readInt32BE(at)) * HIGH + (0xffffffff - this.bytes.readUInt32BE(at + 4))
  }

  f64(): number {
    return this.bytes.readDoubleBE(this.take(8))
  }

  var32(): number {
    this.varBits()
    return this.low
  }

  svar32(): number {
    this.varBits()
    return (this.low >>> 1) ^ -(this.low & 1)
  }

  var64(): number {
    this.varBits()
    return this.high * HIGH + (this.low >>> 0)
  }

  svar64(): number {
    this.varBits()
    const sign = -(this.low & 1)
    const low = ((this.low >>> 1) | (this.high << 31)) ^ sign
    return ((this.high >>> 1) ^ sign) * HIGH + (low >>> 0)
  }

  /** Reads a varint into two int32; it may have 10 bytes of which the last counts one bit. */
  private varBits(): void {
    let [low, high, shift] = [0, 0, 0]
    for (; shift < MOST_BITS; shift += 7) {
      const byte = this.bytes[this.take(1)]
      const bits = byte & 0x7f
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= bits << 28
        high = bits >>> 4
      } else high |= bits << (shift - 32)
      if (byte < 0x80) break
    }
    if (shift >= MOST_BITS) throw new DecodeError('MALFORMED', 'a stored number has more than 10 bytes', this.at)
    this.low = low
    this.high = high
  }

  pbytes(): Buffer | null {
    const n = this.svar32()
    if (n === -1) return null
    const at = this.take(n)
    return this.bytes.subarray(at, at + n)
  }

  pstr(): string | null {
    return this.pbytes()?.toString('utf8') ?? null
  }

  p2str(): string | null {
    const n = this.i16()
    return n === -1 ? null : this.text(n)
  }

  text(n: number): string {
    const at = this.take(n)
    return this.bytes.toString('utf8', at, at + n)
  }

  /** Text padded with zeros to n bytes. */
  padded(n: number): string {
    const at = this.take(n)
    let end = at + n
    while (end > at && this.bytes[end - 1] === 0) end--
    return this.bytes.toString('utf8', at, end)
  }

  skip(n: number): void {
    this.take(n)
  }

  rest(): string {
    return this.text(this.left)
  }
}
