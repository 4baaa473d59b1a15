import { Int64, TBufferedTransport, TCompactProtocol, Thrift } from 'thrift'
import type { Field, StructType } from '../../tools/idl.js'
import { type Kind, kindOf, type Plain, type PlainValue, structNamed, TYPE_CODES } from './thrift-idl.js'

// Plain message => bytes, with the compact protocol of the thrift package: it shares nothing with src/thrift but the IDL.

const TYPES: Record<Kind, Thrift.Type> = {
  bool: Thrift.Type.BOOL,
  byte: Thrift.Type.BYTE,
  i16: Thrift.Type.I16,
  i32: Thrift.Type.I32,
  i64: Thrift.Type.I64,
  double: Thrift.Type.DOUBLE,
  string: Thrift.Type.STRING,
  binary: Thrift.Type.STRING,
  struct: Thrift.Type.STRUCT,
}

/** For messages that a well-behaved sender would not make. */
export interface EncodeHooks {
  /** the fields of a struct in the order in which they are to be written */
  order?: (fields: Field[]) => Field[]
  /** called before each field, and before the stop byte without one; what it writes must be whole fields */
  before?: (out: TCompactProtocol, struct: StructType, next: Field | undefined) => void
}

/** The package's protocol over memory. Doubles are written here, because the package loses the sign of -0. */
class MemoryProtocol extends TCompactProtocol {
  constructor(private readonly transport: TBufferedTransport) {
    super(transport)
  }

  override writeDouble(v: number): void {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleLE(v)
    this.transport.write(bytes)
  }
}

export function int64(v: PlainValue): Int64 {
  const bits = BigInt.asUintN(64, BigInt(v as number | string))
  return new Int64(Number(bits >> 32n), Number(bits & 0xffffffffn))
}

function bytesOf(v: PlainValue): Buffer {
  return Buffer.from((v as Plain).$hex as string, 'hex')
}

function writeValue(out: TCompactProtocol, type: string, v: PlainValue, hooks: EncodeHooks): void {
  const kind = kindOf(type)
  if (kind === 'bool') out.writeBool(v as boolean)
  else if (kind === 'byte') out.writeByte(v as number)
  else if (kind === 'i16') out.writeI16(v as number)
  else if (kind === 'i32') out.writeI32(v as number)
  else if (kind === 'i64') out.writeI64(int64(v))
  else if (kind === 'double') out.writeDouble(v as number)
  else if (kind === 'struct') writeStruct(out, structNamed(type), v as Plain, hooks)
  // bytes that are no UTF-8 stand as {$hex} in a string's place too
  else if (typeof v === 'string') out.writeString(v)
  else out.writeBinary(bytesOf(v))
}

/** Writes one field with its head. */
export function writeField(out: TCompactProtocol, field: Field, v: PlainValue, hooks: EncodeHooks = {}): void {
  const type = TYPES[kindOf(field.type)]
  out.writeFieldBegin(field.name, field.list ? Thrift.Type.LIST : type, field.id)
  if (field.list) {
    const elements = v as PlainValue[]
    out.writeListBegin(type, elements.length)
    for (const e of elements) writeValue(out, field.type, e, hooks)
    out.writeListEnd()
  } else writeValue(out, field.type, v, hooks)
  out.writeFieldEnd()
}

function writeStruct(out: TCompactProtocol, struct: StructType, plain: Plain, hooks: EncodeHooks): void {
  const fields = struct.fields.filter((f) => plain[f.name] !== undefined)
  const unknown = Object.keys(plain).filter((name) => !struct.fields.some((f) => f.name === name))
  if (unknown.length > 0) throw new Error(`${struct.name} has no field ${unknown.join(', ')}`)
  out.writeStructBegin(struct.name)
  for (const field of hooks.order?.(fields) ?? fields) {
    hooks.before?.(out, struct, field)
    writeField(out, field, plain[field.name], hooks)
  }
  hooks.before?.(out, struct, undefined)
  out.writeFieldStop()
  out.writeStructEnd()
}

/** The bytes of a struct, stop byte included; fields in the order of the IDL, which is that of their ids. */
export function encodeStruct(name: string, plain: Plain, hooks: EncodeHooks = {}): Buffer {
  let bytes: Buffer | undefined
  const transport = new TBufferedTransport(undefined, (message) => {
    bytes = message
  })
  writeStruct(new MemoryProtocol(transport), structNamed(name), plain, hooks)
  transport.flush()
  return bytes!
}

/** A whole message: header version 1, then the struct. */
export function encodeMessage(name: string, plain: Plain, hooks: EncodeHooks = {}): Buffer {
  const type = TYPE_CODES[name]
  if (type === undefined) throw new Error(`${name} is not a message`)
  return Buffer.concat([Buffer.from([0xef, 0x10, type >>> 8, type & 0xff]), encodeStruct(name, plain, hooks)])
}
