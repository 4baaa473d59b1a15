import { DecodeError } from '../errors.js'

// Thrift compact protocol, reading side (spec: wire.md §2.4):
//   struct => field* 00
//   field  => delta:4 ctype:4 [zigzag id if delta = 0] value      (a bool's value is its ctype: 1 true, 2 false)
//   i16 i32 i64 => zigzag varint     i8 => byte     double => 8 bytes little-endian     string => varint length, bytes
//   list   => size:4 etype:4 [varint size if size = 15] element*
//   map    => varint size [ktype:4 vtype:4] (key value)*

export const T_STOP = 0
export const T_TRUE = 1
export const T_FALSE = 2
export const T_BYTE = 3
export const T_I16 = 4
export const T_I32 = 5
export const T_I64 = 6
export const T_DOUBLE = 7
export const T_STRING = 8
export const T_LIST = 9
export const T_SET = 10
export const T_MAP = 11
export const T_STRUCT = 12

/** Deeper nesting than any struct of an agent has. */
const MAX_DEPTH = 32

/** What the list elements of a message may cost in sum; far more than a thread dump of thousands of threads. */
const MAX_LIST_COST = 1_000_000
/** An element that is a struct; a number or a string costs 1. One byte on the wire can become an object. */
const STRUCT_COST = 10
/** Elements of a list that are kept for the next message. */
const KEPT_ELEMENTS = 64

const EMPTY = Buffer.alloc(0)
const f64 = new Float64Array(1)
const f64Bytes = new Uint8Array(f64.buffer)

/** Reads one buffer; results of a method that has more than one are left in `hi lo` or `at size`. Re-used by reset(). */
export class CompactReader {
  buf: Uint8Array = EMPTY
  pos = 0
  end = 0
  /** of the last i64() */
  hi = 0
  lo = 0
  /** of the last bytes(): where they start; of listHead(): the element type */
  at = 0
  /** what was being read, for errors */
  struct = ''
  field = 0
  private start = 0
  private depth = 0
  private listCost = 0
  /** arrays of the last message that are not to be kept as long as they are */
  private readonly longLists: unknown[][] = []

  /** Begins a message; long lists of messages that were read before are cut. */
  reset(buf: Uint8Array, pos: number, end: number): void {
    this.buf = buf
    this.start = this.pos = pos
    this.end = end
    this.depth = 0
    this.listCost = 0
    this.struct = ''
    this.field = 0
    if (this.longLists.length > 0) this.cutLongLists()
  }

  /** Drops the reference to the last buffer. */
  release(): void {
    this.buf = EMPTY
    this.start = this.pos = this.end = 0
  }

  fail(code: string, message: string): never {
    const field = this.struct === '' ? '' : `${this.struct}.${this.field}`
    throw new DecodeError(code, message, this.pos - this.start, field)
  }

  byte(): number {
    if (this.pos >= this.end) this.fail('TRUNCATED', 'message ends too early')
    return this.buf[this.pos++]
  }

  i8(): number {
    return (this.byte() << 24) >> 24
  }

  /** unsigned 32-bit varint, as int32 */
  var32(): number {
    const buf = this.buf
    const end = this.end
    let pos = this.pos
    let b = pos < end ? buf[pos++] : this.fail('TRUNCATED', 'message ends too early')
    if (b < 0x80) {
      this.pos = pos
      return b
    }
    let v = b & 0x7f
    for (let shift = 7; ; shift += 7) {
      if (pos >= end) this.fail('TRUNCATED', 'message ends too early')
      if (shift > 28) this.fail('MALFORMED', 'number of more than 5 bytes')
      b = buf[pos++]
      v |= (b & 0x7f) << shift
      if (b < 0x80) {
        this.pos = pos
        return v
      }
    }
  }

  i32(): number {
    const v = this.var32()
    return (v >>> 1) ^ -(v & 1)
  }

  i16(): number {
    return (this.i32() << 16) >> 16
  }

  /** unsigned 64-bit varint into hi, lo */
  var64(): void {
    const buf = this.buf
    const end = this.end
    let pos = this.pos
    let lo = 0
    let hi = 0
    let shift = 0
    for (;;) {
      if (pos >= end) this.fail('TRUNCATED', 'message ends too early')
      if (shift > 63) this.fail('MALFORMED', 'number of more than 10 bytes')
      const b = buf[pos++]
      const bits = b & 0x7f
      if (shift < 28) lo |= bits << shift
      else if (shift === 28) {
        lo |= bits << 28
        hi = bits >>> 4
      } else hi |= bits << (shift - 32)
      if (b < 0x80) break
      shift += 7
    }
    this.pos = pos
    this.hi = hi
    this.lo = lo
  }

  /** zigzag 64-bit varint into hi, lo */
  i64(): void {
    this.var64()
    const sign = -(this.lo & 1)
    this.lo = ((this.lo >>> 1) | (this.hi << 31)) ^ sign
    this.hi = (this.hi >>> 1) ^ sign
  }

  double(): number {
    if (this.pos + 8 > this.end) this.fail('TRUNCATED', 'message ends too early')
    for (let i = 0; i < 8; i++) f64Bytes[i] = this.buf[this.pos + i]
    this.pos += 8
    return f64[0]
  }

  /** A string or binary: its place is left in `at`. @returns its length */
  bytes(): number {
    const n = this.var32()
    if (n < 0 || n > this.end - this.pos) this.fail('TRUNCATED', 'a string is longer than the message')
    this.at = this.pos
    this.pos += n
    return n
  }

  /** A list's head: the element type is left in `at`. @returns its size */
  listHead(): number {
    const head = this.byte()
    let size = head >>> 4
    if (size === 15) size = this.var32()
    // every element takes at least one byte
    if (size < 0 || size > this.end - this.pos) this.fail('TRUNCATED', 'a list is longer than the message')
    this.at = head & 0x0f
    return size
  }

  /** Enters a nested struct; leave() it when its stop byte is read. */
  enter(): void {
    if (++this.depth > MAX_DEPTH) this.fail('TOO_DEEP', `structs nested deeper than ${MAX_DEPTH}`)
  }

  leave(): void {
    this.depth--
  }

  /** Enters a list of structs that are read into that array; leave() it after the last. */
  enterList(into: unknown[], size: number): void {
    this.enter()
    this.countList(into, size, STRUCT_COST)
  }

  /** Empties the array that a list of numbers or strings is read into. */
  beginList(into: unknown[], size: number): void {
    into.length = 0
    this.countList(into, size, 1)
  }

  private countList(into: unknown[], size: number, cost: number): void {
    this.listCost += size * cost
    if (this.listCost > MAX_LIST_COST) this.fail('MALFORMED', 'too many list elements')
    if (size > KEPT_ELEMENTS) this.longLists.push(into)
  }

  private cutLongLists(): void {
    for (const list of this.longLists) if (list.length > KEPT_ELEMENTS) list.length = KEPT_ELEMENTS
    this.longLists.length = 0
  }
}
