import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { type TCompactProtocol, Thrift } from 'thrift'
import type { Field, StructType } from '../../../tools/idl.js'
import { type EncodeHooks, encodeStruct, int64, writeField } from '../../builders/thrift-encode.js'
import { kindOf, type Plain, STRUCTS } from '../../builders/thrift-idl.js'
import { fill, type Random, random, randomFieldValue, randomStruct } from '../../builders/thrift-random.js'
import { decodeStruct, newMessage, writeWithOurs } from '../../builders/thrift-snapshot.js'

const { Type } = Thrift
const EACH = 25

/** Encodes random messages of every struct with the thrift package; @returns those that we decode to something else. */
function differences(seed: number, hooksFor: (r: Random) => EncodeHooks): string[] {
  const r = random(seed)
  const wrong: string[] = []
  for (const struct of STRUCTS) {
    for (let i = 0; i < EACH; i++) {
      const plain = randomStruct(struct.name, r)
      const bytes = encodeStruct(struct.name, plain, hooksFor(r))
      if (!isDeepStrictEqual(decodeStruct(struct.name, bytes), plain)) wrong.push(`${struct.name} ${i}`)
    }
  }
  return wrong
}

const UNKNOWN_TYPES = [
  Type.BOOL,
  Type.BYTE,
  Type.I16,
  Type.I32,
  Type.I64,
  Type.DOUBLE,
  Type.STRING,
  Type.LIST,
  Type.SET,
  Type.MAP,
  Type.STRUCT,
]

function writeAny(out: TCompactProtocol, type: Thrift.Type, r: Random, depth: number): void {
  const inner = (): Thrift.Type => r.pick(depth === 0 ? UNKNOWN_TYPES.slice(0, 7) : UNKNOWN_TYPES)
  const size = r.pick([0, 1, 3, 14, 15, 16])
  if (type === Type.BOOL) out.writeBool(r.chance(0.5))
  else if (type === Type.BYTE) out.writeByte(r.below(256))
  else if (type === Type.I16) out.writeI16(r.below(65536) - 32768)
  else if (type === Type.I32) out.writeI32(r.below(2 ** 32) | 0)
  else if (type === Type.I64) out.writeI64(int64(r.pick(['-9223372036854775808', '9223372036854775807', 5])))
  else if (type === Type.DOUBLE) out.writeDouble(r.below(1000) / 7)
  else if (type === Type.STRING) out.writeString('語'.repeat(size * 9))
  else if (type === Type.MAP) {
    const [key, value] = [inner(), inner()]
    out.writeMapBegin(key, value, size)
    for (let i = 0; i < size; i++) {
      writeAny(out, key, r, depth - 1)
      writeAny(out, value, r, depth - 1)
    }
  } else if (type === Type.STRUCT) {
    out.writeStructBegin('unknown')
    for (const id of [1, 2, 40, 3, 300].slice(0, size)) writeAnyField(out, id, inner(), r, depth - 1)
    out.writeFieldStop()
    out.writeStructEnd()
  } else {
    const element = inner()
    out.writeListBegin(element, size)
    for (let i = 0; i < size; i++) writeAny(out, element, r, depth - 1)
  }
}

function writeAnyField(out: TCompactProtocol, id: number, type: Thrift.Type, r: Random, depth = 2): void {
  out.writeFieldBegin('any', type, id)
  writeAny(out, type, r, depth)
}

function wireType(f: Field): Thrift.Type {
  if (f.list) return Type.LIST
  const kind = kindOf(f.type)
  if (kind === 'binary') return Type.STRING
  return Type[kind.toUpperCase() as 'BOOL']
}

/** A field with a type that it does not have, or a list of elements that are not its own. */
function writeMistyped(out: TCompactProtocol, f: Field, r: Random): void {
  if (!f.list || r.chance(0.5)) {
    writeAnyField(out, f.id, r.pick(UNKNOWN_TYPES.filter((type) => type !== wireType(f))), r)
    return
  }
  const element = r.pick(UNKNOWN_TYPES.filter((type) => type !== wireType({ ...f, list: false })))
  const size = r.pick([1, 15])
  out.writeFieldBegin(f.name, Type.LIST, f.id)
  out.writeListBegin(element, size)
  for (let i = 0; i < size; i++) writeAny(out, element, r, 1)
}

t.test('every struct of the IDL decodes to what the thrift package encoded', async (t) => {
  t.strictSame(
    differences(1, () => ({})),
    [],
  )
})

t.test('fields may come in any order', async (t) => {
  t.strictSame(
    differences(2, (r) => ({ order: (fields) => r.shuffle(fields) })),
    [],
  )
})

t.test('unknown fields of every type are skipped', async (t) => {
  const hooks = (r: Random): EncodeHooks => ({
    before(out, struct) {
      if (r.chance(0.7)) return
      const free = [0, 5, 6, 9, 33, 127, 201, 1000, 32767, -1, -32768]
      const id = r.pick(free.filter((n) => !struct.fields.some((f) => f.id === n)))
      writeAnyField(out, id, r.pick(UNKNOWN_TYPES), r)
    },
  })
  t.strictSame(differences(3, hooks), [])
})

t.test('a known field with a wrong type, or a list of wrong elements, is skipped', async (t) => {
  const hooks = (r: Random): EncodeHooks => ({
    before(out, struct) {
      if (struct.fields.length > 0 && r.chance(0.3)) writeMistyped(out, r.pick(struct.fields), r)
    },
  })
  t.strictSame(differences(4, hooks), [])
})

t.test('of a field that comes twice the last counts', async (t) => {
  const hooks = (r: Random): EncodeHooks => ({
    before(out, _struct, next) {
      if (next !== undefined && r.chance(0.5)) writeField(out, next, randomFieldValue(next, r))
    },
  })
  t.strictSame(differences(5, hooks), [])
})

t.test('all of that at once', async (t) => {
  const hooks = (r: Random): EncodeHooks => ({
    order: (fields) => r.shuffle(fields),
    before(out: TCompactProtocol, struct: StructType, next: Field | undefined) {
      if (next !== undefined && r.chance(0.1)) writeField(out, next, randomFieldValue(next, r))
      if (struct.fields.length > 0 && r.chance(0.1)) writeMistyped(out, r.pick(struct.fields), r)
      if (r.chance(0.1)) writeAnyField(out, 555, r.pick(UNKNOWN_TYPES), r)
    },
  })
  t.strictSame(differences(6, hooks), [])
})

t.test('an empty list is an empty list, whatever it says its elements are', async (t) => {
  for (const element of [0, 1, 3, 8, 12]) {
    t.strictSame(decodeStruct('TSpanChunk', Buffer.from([0xa9, element, 0])), { spanEventList: [] })
  }
})

t.test('an absent field has the default of the IDL', async (t) => {
  const hasDefault = STRUCTS.flatMap((s) => s.fields.map((f) => ({ s, f }))).filter(({ f }) => f.default !== undefined)
  t.ok(hasDefault.length > 5)
  for (const { s, f } of hasDefault) {
    const m = newMessage(s.name)
    decodeStruct(s.name, Buffer.from([0]), m)
    const value =
      kindOf(f.type) === 'i64' ? Number((BigInt(m[`${f.name}Hi`]) << 32n) | BigInt(m[`${f.name}Lo`] >>> 0)) : m[f.name]
    t.equal(value, f.default, `${s.name}.${f.name}`)
  }
})

t.test('our writers make the bytes of the thrift package', async (t) => {
  const r = random(7)
  const wrong: string[] = []
  const header = Buffer.from([0xef, 0x10, 0x12, 0x34])
  for (const struct of STRUCTS.filter((s) => s.encode)) {
    for (let i = 0; i < 100; i++) {
      const plain: Plain = fill(struct.name, randomStruct(struct.name, r), r)
      const theirs = Buffer.concat([header, encodeStruct(struct.name, plain)])
      if (!writeWithOurs(struct.name, 0x1234, plain).equals(theirs)) wrong.push(`${struct.name} ${i}`)
    }
  }
  t.strictSame(wrong, [])
})
