import { DecodeError } from '../errors.js'

// Handshake payloads (spec: wire.md §1.3), all integers big-endian:
//
//   payload => map
//   value   => 'N' | 'T' | 'F' | 'I' i32 | 'L' i64 | 'D' f64 | 'S' string | list | map
//   list    => 'V' value* 'z'
//   map     => 'M' (string-value value)* 'z'
//   string  => length:unsigned-leb128 utf8
//
// I is a number, L a bigint and D a ControlDouble, since a property of the wrong number type counts as missing.

export class ControlDouble {
  constructor(readonly value: number) {}
}

export type ControlMap = ReadonlyMap<string, ControlValue>
export type ControlValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | ControlDouble
  | readonly ControlValue[]
  | ControlMap

/** A real handshake has 300 bytes, 15 values and depth 3; these bounds keep a forged one cheap. */
const MAX_BYTES = 64 * 1024
const MAX_VALUES = 4096
const MAX_DEPTH = 8
/** 5 groups of 7 bits hold any i32 */
const MAX_LENGTH_BYTES = 5

const NULL = 0x4e
const TRUE = 0x54
const FALSE = 0x46
const INT = 0x49
const LONG = 0x4c
const DOUBLE = 0x44
const STRING = 0x53
const LIST = 0x56
const MAP = 0x4d
const END = 0x7a

class ControlReader {
  offset = 0
  private values = 0

  constructor(private readonly bytes: Buffer) {}

  map(depth: number): ControlMap {
    if (depth > MAX_DEPTH) throw this.error('nested too deeply')
    const map = new Map<string, ControlValue>()
    for (let code = this.byte(); code !== END; code = this.byte()) {
      if (code !== STRING) throw this.error('map key is not a string')
      map.set(this.string(), this.value(this.byte(), depth))
    }
    return map
  }

  byte(): number {
    return this.bytes[this.skip(1)]
  }

  error(what: string): DecodeError {
    return new DecodeError('CONTROL_MAP', `Handshake map: ${what}`, this.offset)
  }

  private value(code: number, depth: number): ControlValue {
    if (++this.values > MAX_VALUES) throw this.error('too many values')
    switch (code) {
      case NULL:
        return null
      case TRUE:
        return true
      case FALSE:
        return false
      case INT:
        return this.bytes.readInt32BE(this.skip(4))
      case LONG:
        return this.bytes.readBigInt64BE(this.skip(8))
      case DOUBLE:
        return new ControlDouble(this.bytes.readDoubleBE(this.skip(8)))
      case STRING:
        return this.string()
      case LIST:
        return this.list(depth + 1)
      case MAP:
        return this.map(depth + 1)
      default:
        throw this.error(`unknown value code ${code}`)
    }
  }

  private list(depth: number): readonly ControlValue[] {
    if (depth > MAX_DEPTH) throw this.error('nested too deeply')
    const list: ControlValue[] = []
    for (let code = this.byte(); code !== END; code = this.byte()) list.push(this.value(code, depth))
    return list
  }

  private string(): string {
    const length = this.stringLength()
    const at = this.skip(length)
    return this.bytes.toString('utf8', at, at + length)
  }

  private stringLength(): number {
    let length = 0
    for (let group = 0; group < MAX_LENGTH_BYTES; group++) {
      const byte = this.byte()
      length += (byte & 0x7f) * 2 ** (7 * group)
      if (byte < 0x80) return length
    }
    throw this.error('string length of more than 5 bytes')
  }

  private skip(size: number): number {
    const at = this.offset
    if (size > this.bytes.length - at) throw this.error('ends too early')
    this.offset += size
    return at
  }
}

/** Throws DecodeError. Bytes after the map are ignored, as the peer does. */
export function decodeControlMap(bytes: Buffer): ControlMap {
  const reader = new ControlReader(bytes)
  if (bytes.length > MAX_BYTES) throw reader.error(`longer than ${MAX_BYTES} bytes`)
  if (reader.byte() !== MAP) throw reader.error('does not start with M')
  return reader.map(1)
}

export function encodeControlMap(map: ControlMap): Buffer {
  const parts: Buffer[] = []
  encodeValue(map, parts)
  return Buffer.concat(parts)
}

function encodeValue(value: ControlValue, parts: Buffer[]): void {
  if (value === null) parts.push(Buffer.of(NULL))
  else if (typeof value === 'boolean') parts.push(Buffer.of(value ? TRUE : FALSE))
  else if (typeof value === 'number') parts.push(encodeNumber(INT, 4, (bytes) => bytes.writeInt32BE(value, 1)))
  else if (typeof value === 'bigint') parts.push(encodeNumber(LONG, 8, (bytes) => bytes.writeBigInt64BE(value, 1)))
  else if (typeof value === 'string') encodeString(value, parts)
  else if (value instanceof ControlDouble) {
    parts.push(encodeNumber(DOUBLE, 8, (bytes) => bytes.writeDoubleBE(value.value, 1)))
  } else if (value instanceof Map) {
    parts.push(Buffer.of(MAP))
    for (const [key, item] of value as ControlMap) {
      encodeString(key, parts)
      encodeValue(item, parts)
    }
    parts.push(Buffer.of(END))
  } else {
    parts.push(Buffer.of(LIST))
    for (const item of value as readonly ControlValue[]) encodeValue(item, parts)
    parts.push(Buffer.of(END))
  }
}

function encodeNumber(code: number, size: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(1 + size)
  bytes[0] = code
  write(bytes)
  return bytes
}

function encodeString(text: string, parts: Buffer[]): void {
  const utf8 = Buffer.from(text)
  const length: number[] = []
  let rest = utf8.length
  for (; rest >= 0x80; rest >>>= 7) length.push((rest & 0x7f) | 0x80)
  parts.push(Buffer.of(STRING, ...length, rest), utf8)
}
