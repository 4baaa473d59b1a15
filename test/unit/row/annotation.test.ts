import t from 'tap'
import { writeAnnotations } from '../../../src/row/annotation.js'
import { RowWriter } from '../../../src/row/row-writer.js'
import { CompactReader } from '../../../src/thrift/compact-reader.js'
import { encodeStruct } from '../../builders/thrift-encode.js'
import type { Plain } from '../../builders/thrift-idl.js'
import { newMessage, readMessage } from '../../builders/thrift-snapshot.js'

// The worked values of storage.md §4.3.

/** The list as the tables have it; `before` bytes of the message stand in front, after `other` bytes of another one. */
function listOf(annotations: Plain[], before = 0, other = 0): string {
  const struct = encodeStruct('TSpanEvent', { annotations })
  const message = Buffer.concat([Buffer.alloc(other + before), struct])
  const r = new CompactReader()
  r.reset(message, other + before, message.length)
  const event = newMessage('TSpanEvent')
  readMessage(r, 'TSpanEvent', event)
  const w = new RowWriter()
  writeAnnotations(w, message, other, event.annotations, event.annotationsCount)
  return w.buf.toString('hex', 0, w.len)
}

/** One annotation with key -1, without the list's count. */
function one(value?: Plain): string {
  return listOf([value === undefined ? { key: -1 } : { key: -1, value }]).slice(2)
}

/** An annotation of up to 8191 bytes of text. */
function text(code: string, s: string): string {
  const n = 2 * Buffer.byteLength(s)
  const length = Buffer.from(n < 128 ? [n] : [(n & 0x7f) | 0x80, n >> 7]).toString('hex')
  return `0001${code}${length}${Buffer.from(s).toString('hex')}`
}

t.test('every type of value', async (t) => {
  const cases: [what: string, expected: string, value?: Plain][] = [
    ['string', '0001000c68c3a96c6c6f', { stringValue: 'héllo' }],
    ['empty string', '00010000', { stringValue: '' }],
    ['true', '00010400', { boolValue: true }],
    ['false', '00010500', { boolValue: false }],
    ['int', '00010204d704', { intValue: -300 }],
    ['long', '0001030cf2a0beefa757', { longValue: 1500000012345 }],
    ['short', '0001080203', { shortValue: -2 }],
    ['double', '00010a103ff8000000000000', { doubleValue: 1.5 }],
    ['byte', '00010702fe', { byteValue: -2 }],
    ['no value', '00010101'],
    ['int and string', '00011406010271', { intStringValue: { intValue: -1, stringValue: 'q' } }],
    ['int and no string', '00011406d80401', { intStringValue: { intValue: 300 } }],
    [
      'int and two strings',
      '0001150a12026f0262',
      { intStringStringValue: { intValue: 9, stringValue1: 'o', stringValue2: 'b' } },
    ],
    ['int and no strings', '00011506120101', { intStringStringValue: { intValue: 9 } }],
    ['int and the second string', '0001150812010262', { intStringStringValue: { intValue: 9, stringValue2: 'b' } }],
  ]
  for (const [what, expected, value] of cases) t.equal(one(value), expected, what)
})

t.test('values of more than 63 bytes have a length of two bytes', async (t) => {
  const long = 'x'.repeat(100)
  t.equal(one({ stringValue: long }), text('00', long))
  t.equal(
    one({ intStringValue: { intValue: 9, stringValue: long } }),
    `000114ce0112c801${Buffer.from(long).toString('hex')}`,
  )
})

t.test('members that 1.5.2 does not know are stored as null', async (t) => {
  const later: Plain[] = [
    { longIntIntByteByteStringValue: { longValue: 1, intValue1: 2 } },
    { intBooleanIntBooleanValue: { intValue1: 1, boolValue1: true, intValue2: 2, boolValue2: false } },
    { stringStringValue: { stringValue1: 'a' } },
    {},
  ]
  for (const value of later) t.equal(one(value), '00010101', JSON.stringify(value))
})

t.test('binary values keep only the text that Java makes of their buffer', async (t) => {
  const value = { binaryValue: { $hex: '0102030405' } }
  // field heads, list head, key, union: 9 bytes stand before the payload in its struct
  const before = encodeStruct('TSpanEvent', { annotations: [{ key: -1, value }] }).indexOf('0102030405', 'hex')
  for (const [header, other] of [
    [0, 0],
    [4, 0],
    [100, 33],
  ]) {
    const pos = header + before
    const expected = text('0b', `java.nio.HeapByteBuffer[pos=${pos} lim=${pos + 5} cap=65507]`)
    t.equal(
      listOf([{ key: -1, value }], header, other).slice(2),
      expected,
      'positions count from the first byte of the message',
    )
  }
})

t.test('a list keeps its order', async (t) => {
  const two = [
    { key: 40, value: { stringValue: '/a?x=1' } },
    { key: 46, value: { intValue: 500 } },
  ]
  t.equal(listOf(two), '020050000c2f613f783d31005c0204e807')
  t.equal(listOf([...two].reverse()), '02005c0204e8070050000c2f613f783d31')
})

t.test('no annotations', async (t) => {
  t.equal(listOf([]), '00')
  const w = new RowWriter()
  writeAnnotations(w, Buffer.alloc(0), 0, [], -1)
  t.equal(w.buf.toString('hex', 0, w.len), '00', 'an absent list')
  const many = Array.from({ length: 300 }, () => ({ key: 0 }))
  t.equal(listOf(many), `ac02${'00000101'.repeat(300)}`)
})
