import t from 'tap'
import { DecodeError } from '../../../src/errors.js'
import { CompactReader } from '../../../src/thrift/compact-reader.js'
import { encodeStruct } from '../../builders/thrift-encode.js'
import { decodeStruct, newMessage, readMessage } from '../../builders/thrift-snapshot.js'

function reading(hex: string): CompactReader {
  const bytes = Buffer.from(hex, 'hex')
  const r = new CompactReader()
  r.reset(bytes, 0, bytes.length)
  return r
}

t.test('i32 is zigzag from the smallest to the largest', async (t) => {
  const cases: [string, number][] = [
    ['00', 0],
    ['01', -1],
    ['02', 1],
    ['7f', -64],
    ['8001', 64],
    ['ffff03', -32768],
    ['feffffff0f', 2147483647],
    ['ffffffff0f', -2147483648],
    ['8080808000', 0],
  ]
  for (const [hex, value] of cases) {
    const r = reading(hex)
    t.equal(r.i32(), value, hex)
    t.equal(r.pos, hex.length / 2, `${hex} is read whole`)
  }
})

t.test('i64 is left in hi and lo', async (t) => {
  const cases: [string, bigint][] = [
    ['00', 0n],
    ['01', -1n],
    ['02', 1n],
    ['feffffff1f', 4294967295n],
    ['8080808020', 4294967296n],
    ['80a0c0ecfd54', 1460000000000n],
    ['feffffffffffffffff01', 2n ** 63n - 1n],
    ['ffffffffffffffffff01', -(2n ** 63n)],
  ]
  for (const [hex, value] of cases) {
    const r = reading(hex)
    r.i64()
    t.equal((BigInt(r.hi) << 32n) | BigInt(r.lo >>> 0), value, hex)
    t.equal(r.pos, hex.length / 2, `${hex} is read whole`)
  }
})

t.test('i8 is a signed byte, i16 is cut to 16 bits, a double is little-endian', async (t) => {
  t.equal(reading('7f').i8(), 127)
  t.equal(reading('80').i8(), -128)
  t.equal(reading('ff').i8(), -1)
  t.equal(reading('feff03').i16(), 32767)
  t.equal(reading('ffff03').i16(), -32768)
  t.equal(reading('808004').i16(), -32768)
  t.equal(reading('000000000000d03f').double(), 0.25)
  t.equal(reading('0000000000000080').double(), -0)
  t.ok(Number.isNaN(reading('010000000000f87f').double()))
})

t.test('a string is a place and a length', async (t) => {
  const r = reading('0361626300')
  t.equal(r.bytes(), 3)
  t.equal(r.at, 1)
  t.equal(r.bytes(), 0)
  t.equal(r.at, 5)
})

t.test('nothing is read at the end, though the buffer goes on', async (t) => {
  const bytes = Buffer.alloc(20, 0x81)
  const methods = ['byte', 'i8', 'i16', 'i32', 'var32', 'i64', 'var64', 'double', 'bytes', 'listHead'] as const
  for (const method of methods) {
    const r = new CompactReader()
    for (const length of method === 'byte' || method === 'i8' ? [0] : [0, 1, 2]) {
      r.reset(bytes, 3, 3 + length)
      t.throws(() => r[method](), { code: 'TRUNCATED' }, `${method} in ${length} bytes`)
    }
  }
})

function errorAt(name: string, bytes: Uint8Array, before = 0): DecodeError {
  const all = Buffer.concat([Buffer.alloc(before, 0xee), bytes])
  const r = new CompactReader()
  r.reset(all, before, all.length)
  try {
    readMessage(r, name, newMessage(name))
  } catch (error) {
    if (error instanceof DecodeError) return error
    throw error
  }
  throw new Error(`${name} decodes`)
}

t.test('an error says where in the message and in which field', async (t) => {
  const event = { sequence: 1, annotations: [{ key: 1 }], exceptionInfo: { intValue: 7 }, asyncId: 5 }
  const bytes = encodeStruct('TSpan', {
    agentId: 'a',
    spanEventList: [event, {}],
    exceptionInfo: { intValue: 1 },
    apiId: 3,
  })
  const fields = Array.from(bytes.keys(), (length) => errorAt('TSpan', bytes.subarray(0, length)).field)
  t.strictSame(
    fields.filter((field, i) => field !== fields[i - 1]),
    [
      'TSpan.0',
      'TSpan.1',
      'TSpan.18',
      'TSpanEvent.8',
      'TSpanEvent.14',
      'TAnnotation.1',
      'TSpanEvent.14',
      'TIntStringValue.0',
      'TIntStringValue.1',
      'TSpanEvent.26',
      'TSpanEvent.30',
      'TSpanEvent.0',
      'TSpan.18',
      'TSpan.25',
      'TIntStringValue.0',
      'TIntStringValue.1',
      'TSpan.26',
    ],
  )
  for (const before of [0, 1, 1000]) {
    const error = errorAt('TSpan', bytes.subarray(0, 2), before)
    t.equal(error.offset, 2, `with ${before} bytes before it`)
    t.match(error.message, /^a string is longer than the message at byte 2, field TSpan\.1$/)
  }
})

t.test('a reader that failed deep inside starts anew', async (t) => {
  const r = new CompactReader()
  const m = newMessage('TSpan')
  const bytes = encodeStruct('TSpan', {
    spanEventList: [{ annotations: [{ value: { intStringValue: { intValue: 1 } } }] }],
  })
  for (let i = 0; i < 40; i++) {
    r.reset(bytes, 0, bytes.length - 5)
    t.throws(() => readMessage(r, 'TSpan', m), { code: 'TRUNCATED' })
  }
  r.reset(bytes, 0, bytes.length)
  readMessage(r, 'TSpan', m)
  t.equal(r.pos, bytes.length)
})

t.test('a released reader holds no buffer and reads nothing', async (t) => {
  const r = reading('0000')
  r.release()
  t.equal(r.buf.length, 0)
  t.throws(() => r.byte(), { code: 'TRUNCATED', offset: 0 })
})

t.test('an unknown value of an enum is kept as its number', async (t) => {
  t.strictSame(decodeStruct('TThreadLightDump', Buffer.from('35c60100', 'hex')), { threadState: 99 })
})
