import { TBufferedTransport, TCompactProtocol, Thrift } from 'thrift'
import { kindOf, type Plain, type PlainValue, structNamed } from './thrift-idl.js'

// Bytes => plain message, with the compact protocol of the thrift package: it shares nothing with src/thrift but the IDL.

const HEADER_BYTES = 4

type Reader = TCompactProtocol

function readValue(from: Reader, type: string): PlainValue {
  switch (kindOf(type)) {
    case 'bool':
      return from.readBool() as unknown as boolean
    case 'byte':
      return from.readByte() as unknown as number
    case 'i16':
      return from.readI16() as unknown as number
    case 'i32':
      return from.readI32() as unknown as number
    case 'i64':
      return plainInt64((from.readI64() as unknown as { buffer: Buffer }).buffer)
    case 'double':
      return from.readDouble() as unknown as number
    case 'struct':
      return readStruct(from, type)
    case 'binary':
      return { $hex: (from.readBinary() as unknown as Buffer).toString('hex') }
    case 'string':
      return from.readString() as unknown as string
  }
}

function plainInt64(bytes: Buffer): PlainValue {
  const value = bytes.readBigInt64BE()
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
}

function readList(from: Reader, type: string): PlainValue[] {
  const { size } = from.readListBegin() as unknown as { size: number }
  return Array.from({ length: size }, () => readValue(from, type))
}

function readStruct(from: Reader, name: string): Plain {
  const out: Plain = {}
  from.readStructBegin()
  for (;;) {
    const { ftype, fid } = from.readFieldBegin() as unknown as { ftype: number; fid: number }
    if (ftype === Thrift.Type.STOP) break
    const field = structNamed(name).fields.find(({ id }) => id === fid)
    if (field === undefined) throw new Error(`${name} has no field ${fid}`)
    out[field.name] = field.list ? readList(from, field.type) : readValue(from, field.type)
    from.readFieldEnd()
  }
  from.readStructEnd()
  return out
}

/** A message behind its header; throws when bytes are missing or left over. */
export function decodeIndependently(name: string, message: Buffer): Plain {
  let plain: Plain | undefined
  let left = -1
  TBufferedTransport.receiver((transport) => {
    plain = readStruct(new TCompactProtocol(transport as never), name)
    const { readCursor, writeCursor } = transport as unknown as { readCursor: number; writeCursor: number }
    left = writeCursor - readCursor
  }, 0)(message.subarray(HEADER_BYTES))
  if (plain === undefined || left !== 0)
    throw new Error(`${name} does not end with its datagram: ${left} bytes are left`)
  return plain
}
