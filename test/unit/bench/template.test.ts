import t from 'tap'
import { type Identity, identity } from '../../../bench/agent/identity.js'
import { readMix } from '../../../bench/agent/mix.js'
import { patch, type Template, templateOf } from '../../../bench/agent/template.js'
import { tracesToSend } from '../../../bench/agent/traces.js'
import { FIRST_SEQUENCE } from '../../../bench/agent/varint.js'
import { decodeIndependently } from '../../builders/thrift-decode.js'
import type { Plain, PlainValue } from '../../builders/thrift-idl.js'

const RUN = 1_795_000_000_000
const NOW = 1_795_000_123_456
const SEQUENCE = FIRST_SEQUENCE + 987_654_321
const OWN = identity(4_321, RUN)
const MIX = readMix()

const NAMES = { span: 'TSpan', chunk: 'TSpanChunk', stat: 'TAgentStatBatch' }

function varint(value: bigint): string {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Buffer.from([...bytes, Number(rest)]).toString('hex')
}

function transaction(own: Identity, sequence: number, withAgent: boolean): Plain {
  const agent = withAgent ? varint(BigInt(2 * own.agentId.length)) + Buffer.from(own.agentId).toString('hex') : '01'
  return { $hex: `00${agent}${varint(BigInt(own.startTime))}${varint(BigInt(sequence))}` }
}

/** What the body must decode to; span ids only by their mark. */
function expected(value: PlainValue, own: Identity, sequence: number, now: number): PlainValue {
  if (Array.isArray(value)) return value.map((v) => expected(v, own, sequence, now))
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, expected(v, own, sequence, now)]))
  switch (value) {
    case '@agent':
      return own.agentId
    case '@application':
      return own.applicationName
    case '@start':
      return own.startTime
    case '@time':
      return now
    case '@transaction':
      return transaction(own, sequence, false)
    case '@transaction-agent':
      return transaction(own, sequence, true)
    default:
      return value
  }
}

const SPAN_FIELDS = new Set(['spanId', 'parentSpanId', 'nextSpanId'])

/** Puts the marks back in place of span ids; the same id must always be the same mark. */
function withMarks(found: PlainValue, body: PlainValue, ids: Map<string, PlainValue>): PlainValue {
  if (Array.isArray(found)) return found.map((v, i) => withMarks(v, (body as PlainValue[])[i], ids))
  if (typeof found !== 'object') return found
  const out: Plain = {}
  for (const [name, value] of Object.entries(found)) {
    const wanted = (body as Plain)[name]
    if (SPAN_FIELDS.has(name) && typeof wanted === 'string' && wanted.startsWith('@span')) {
      if (!ids.has(wanted)) ids.set(wanted, value)
      out[name] = ids.get(wanted) === value ? wanted : `another id than the first ${wanted}`
    } else out[name] = withMarks(value, wanted, ids)
  }
  return out
}

t.test('a patched datagram is the recorded message of that agent, trace and moment', async (t) => {
  const messages = [...MIX.traces.flatMap((trace) => trace.datagrams), ...MIX.stats]
  for (const [i, message] of messages.entries()) {
    const template = templateOf(message)
    patch(template, identity(99_999, RUN - 1), FIRST_SEQUENCE, NOW - 1)
    patch(template, OWN, SEQUENCE, NOW)
    const ids = new Map<string, PlainValue>()
    const found = withMarks(decodeIndependently(message.message, template.bytes), message.body, ids)
    if (!t.same(found, expected(message.body, OWN, SEQUENCE, NOW), `datagram ${i}`)) break
    t.equal(new Set(ids.values()).size, ids.size, 'different spans have different ids')
  }
})

t.test('no two traces of one run have the same transaction or span', async (t) => {
  const template = templateOf(MIX.traces[0].datagrams[0])
  const seen = new Set<string>()
  const variants = [FIRST_SEQUENCE, FIRST_SEQUENCE + 127, FIRST_SEQUENCE + 128, 2 ** 34]
  for (const number of [0, 1, 127, 128, 9_999])
    for (const sequence of variants) {
      const own = identity(number, RUN)
      patch(template, own, sequence, NOW)
      const { transactionId, spanId, agentId } = decodeIndependently(NAMES[template.kind], template.bytes)
      t.same(transactionId, transaction(own, sequence, false))
      seen.add(`${String(spanId)}`)
      t.equal(agentId, own.agentId)
    }
  t.equal(seen.size, 20)
})

t.test('every place is inside the datagram and patching keeps its length', async (t) => {
  for (const events of [0, 1, 8, 50, 500]) {
    const traces = tracesToSend(MIX, events).map((trace) => trace.map(templateOf))
    const [trace] = traces
    t.equal(
      trace.reduce((sum, template) => sum + template.events, 0),
      events,
    )
    for (const template of trace) {
      const { length } = template.bytes
      patch(template, OWN, SEQUENCE, NOW)
      t.equal(template.bytes.length, length)
      t.equal(decodeSequence(template), SEQUENCE)
    }
  }
})

function decodeSequence(template: Template): number {
  const { transactionId } = decodeIndependently(NAMES[template.kind], template.bytes)
  const bytes = Buffer.from((transactionId as Plain).$hex as string, 'hex').subarray(-5)
  return bytes.reduce((sum, byte, i) => sum + (byte & 127) * 128 ** i, 0)
}
