import t from 'tap'
import { DecodeError } from '../../../src/errors.js'
import { encodeMessage } from '../../builders/thrift-encode.js'
import { recorded, vectors } from '../../builders/thrift-fixtures.js'
import { structNamed } from '../../builders/thrift-idl.js'
import { decodeMessage, writeWithOurs } from '../../builders/thrift-snapshot.js'

const VECTORS = vectors()
const RECORDED = recorded()

t.test('every vector decodes to what other implementations decode it to', async (t) => {
  t.equal(VECTORS.length, 39)
  for (const v of VECTORS) {
    const decoded = decodeMessage(v.message, v.bytes)
    t.strictSame(decoded.plain, v.body, v.name)
    t.equal(decoded.type, v.type, `${v.name}: type`)
    t.equal(decoded.end, v.bytes.length, `${v.name}: all bytes are read`)
  }
})

t.test('every recorded message decodes to what another decoder made of it', async (t) => {
  const kinds = new Set(RECORDED.map((m) => m.message))
  const sent = [
    'TAgentInfo',
    'TAgentStatBatch',
    'TSpan',
    'TSpanChunk',
    'TApiMetaData',
    'TSqlMetaData',
    'TStringMetaData',
  ]
  for (const kind of sent) t.ok(kinds.has(kind), `there are recorded ${kind}`)
  for (const m of RECORDED) {
    const decoded = decodeMessage(m.message, m.bytes)
    t.strictSame(decoded.plain, m.body, m.name)
    t.equal(decoded.type, m.type, `${m.name}: type`)
    t.equal(decoded.end, m.bytes.length, `${m.name}: all bytes are read`)
  }
})

t.test('the thrift package makes the same bytes of what we decoded', async (t) => {
  for (const m of [...VECTORS, ...RECORDED]) {
    const again = encodeMessage(m.message, decodeMessage(m.message, m.bytes).plain)
    t.equal(again.toString('hex'), m.bytes.toString('hex'), m.name)
  }
})

t.test('our writers make the bytes of the vectors and of the recorded messages', async (t) => {
  const written = new Set<string>()
  for (const m of [...VECTORS, ...RECORDED].filter((m) => structNamed(m.message).encode)) {
    t.equal(writeWithOurs(m.message, m.type, m.body).toString('hex'), m.bytes.toString('hex'), m.name)
    written.add(m.message)
  }
  t.strictSame([...written].sort(), [
    'TCmdActiveThreadCount',
    'TCmdActiveThreadDump',
    'TCmdActiveThreadDump15',
    'TCmdActiveThreadLightDump',
    'TCommandEcho',
    'TCommandThreadDump',
    'TCommandTransfer',
    'TCommandTransferResponse',
    'TResult',
  ])
})

t.test('a message cut at any byte is TRUNCATED, with a place inside it and a field', async (t) => {
  const wrong: string[] = []
  let cuts = 0
  const short = RECORDED.filter((m) => m.bytes.length < 1200)
  for (const m of [...VECTORS, ...short]) {
    for (let length = 0; length < m.bytes.length; length++, cuts++) {
      let thrown: unknown
      try {
        decodeMessage(m.message, m.bytes.subarray(0, length))
      } catch (error) {
        thrown = error
      }
      const good =
        thrown instanceof DecodeError &&
        thrown.code === 'TRUNCATED' &&
        thrown.offset >= 0 &&
        thrown.offset <= length &&
        /^(Header|T\w+)\.\d+$/.test(thrown.field)
      if (!good) wrong.push(`${m.name} cut at ${length}: ${thrown}`)
    }
  }
  t.strictSame(wrong, [])
  t.ok(cuts > 5000)
})

t.test('bytes after the stop byte do not matter', async (t) => {
  for (const m of VECTORS) {
    for (const tail of [Buffer.alloc(20), Buffer.alloc(20, 0xff), m.bytes]) {
      const decoded = decodeMessage(m.message, Buffer.concat([m.bytes, tail]))
      t.strictSame(decoded.plain, m.body, m.name)
      t.equal(decoded.end, m.bytes.length, `${m.name}: stops at its stop byte`)
    }
  }
})
