import t from 'tap'
import { isNetworkCheck } from '../../src/receiver/network-check.js'
import { MESSAGE_TYPES } from '../../src/thrift/message-type.js'
import { drops, pipeline, type TestPipeline } from '../builders/pipeline.js'
import {
  ACCEPTED,
  AGENT_INFO,
  AGENT_STAT,
  API,
  BACK_SPAN,
  CHUNK,
  ROOT_SPAN,
  SQL,
  STRING,
} from '../builders/pipeline-messages.js'
import { bytes, cellLines, golden, incrementLines, tablesOf } from '../builders/rows.js'
import { encodeMessage, encodeStruct } from '../builders/thrift-encode.js'
import type { Plain } from '../builders/thrift-idl.js'

const FROM = { address: '192.0.2.1' }

const STAT_BATCH: Plain = { agentId: 'front-1', agentStats: [AGENT_STAT] }
const ALL: [name: (typeof MESSAGE_TYPES)[number], port: 'span' | 'stat' | 'tcp', plain: Plain][] = [
  ['TSpan', 'span', ROOT_SPAN],
  ['TSpanChunk', 'span', CHUNK],
  ['TAgentStat', 'stat', AGENT_STAT],
  ['TAgentStatBatch', 'stat', STAT_BATCH],
  ['TAgentInfo', 'tcp', AGENT_INFO],
  ['TApiMetaData', 'tcp', API],
  ['TSqlMetaData', 'tcp', SQL],
  ['TStringMetaData', 'tcp', STRING],
]
const PORTS = ['span', 'stat', 'tcp'] as const

function give(p: TestPipeline, port: (typeof PORTS)[number], message: Uint8Array): void {
  if (port === 'tcp') p.dispatcher.packet(message, FROM, null)
  else p.dispatcher.datagram(port, message, FROM)
}

/** Header of a chunk, and the messages in it. */
function chunk(...messages: Uint8Array[]): Buffer {
  return Buffer.concat([bytes('ef100190'), ...messages])
}

t.test('each port takes its own types', async (t) => {
  for (const [name, home, plain] of ALL) {
    for (const port of PORTS) {
      const p = pipeline()
      give(p, port, encodeMessage(name, plain))
      const type = MESSAGE_TYPES.indexOf(name)
      if (port === home) t.strictSame([p.accounting.messages[type], drops(p)], [1, {}], `${name} at ${port}`)
      else t.strictSame([p.accounting.messages[type], drops(p), p.rows()], [0, { unsupportedType: 1 }, []])
    }
  }
})

t.test('types that no port takes, and types that do not exist', async (t) => {
  for (const [header, drop] of [
    ['ef100050', 'unsupportedType'],
    ['ef100140', 'unsupportedType'],
    ['ef10000a', 'unsupportedType'],
    ['ef100029', 'unknownType'],
    ['ef10ffff', 'unknownType'],
  ]) {
    for (const port of PORTS) {
      const p = pipeline()
      give(p, port, bytes(`${header}00`))
      t.strictSame(drops(p), { [drop]: 1 }, header)
      t.equal(p.warnings.length, 1)
    }
  }
})

t.test('bytes that are no message', async (t) => {
  const span = encodeMessage('TSpan', ROOT_SPAN)
  const cases: [message: Uint8Array, drop: string][] = [
    [bytes('cc100028'), 'badSignature'],
    [bytes('ef300028'), 'badSignature'],
    [bytes('ef'), 'truncated'],
    [bytes('ef1000'), 'truncated'],
    [bytes('ef100028'), 'truncated'],
    [span.subarray(0, span.length - 1), 'truncated'],
    [bytes('ef100028 0f00'), 'malformed'],
    [bytes(`ef100028 ${'1c'.repeat(100)}`), 'tooDeep'],
  ]
  for (const [message, drop] of cases) {
    for (const port of PORTS.slice(0, 1)) {
      const p = pipeline()
      give(p, port, message)
      t.strictSame(
        [drops(p), p.rows(), p.accounting.inFlight],
        [{ [drop]: 1 }, [], 0],
        Buffer.from(message).toString('hex', 0, 12),
      )
    }
  }
})

t.test('a message cut anywhere leaves nothing behind', async (t) => {
  for (const [name, port, plain] of ALL) {
    const p = pipeline()
    const message = encodeMessage(name, plain)
    for (let n = 0; n < message.length; n++) give(p, port, message.subarray(0, n))
    t.strictSame([drops(p), p.batcher.open.messageCount, p.counters.size], [{ truncated: message.length }, 0, 0], name)
    t.equal(p.agents.size, 0)
  }
})

t.test('a network check is the business of the receiver', async (t) => {
  t.ok(isNetworkCheck(bytes('ef10000a'), 0))
  const p = pipeline()
  p.dispatcher.datagram('span', bytes('ef10000a'), FROM)
  t.strictSame([p.accounting.networkChecks, drops(p)], [0, { unsupportedType: 1 }])
})

t.test('a header of version 2 may carry texts', async (t) => {
  const body = encodeStruct('TSpan', ROOT_SPAN)
  for (const head of ['ef200028 0000', 'ef200028 0001 0001 61 0002 6262']) {
    const p = pipeline()
    p.dispatcher.datagram('span', Buffer.concat([bytes(head), body]), FROM)
    t.strictSame(p.lines().sort(), golden('TSpan root').sort())
  }
})

t.test('a chunk of several messages', async (t) => {
  const p = pipeline()
  const [root, back] = [ROOT_SPAN, BACK_SPAN].map((span) => encodeMessage('TSpan', span))
  p.dispatcher.datagram('span', chunk(root, encodeMessage('TSpanChunk', CHUNK), back, back), FROM)
  const cells = ['TSpan root', 'TSpanChunk', 'TSpan BACK'].flatMap(golden)
  t.strictSame(p.lines().sort(), cells.sort())
  t.strictSame([...p.accounting.messages.subarray(0, 2)], [3, 1])
})

t.test('what a chunk has before a bad part is kept', async (t) => {
  const span = encodeMessage('TSpan', ROOT_SPAN)
  const cases: [rest: Uint8Array, drop: string][] = [
    [span.subarray(0, 50), 'truncated'],
    [bytes('00'), 'badSignature'],
    [encodeMessage('TAgentStat', AGENT_STAT), 'unsupportedType'],
    [chunk(span), 'unsupportedType'],
    [encodeMessage('TSpan', { ...ROOT_SPAN, transactionId: { $hex: '01' } }), 'badTransactionId'],
  ]
  for (const [rest, drop] of cases) {
    const p = pipeline()
    p.dispatcher.datagram('span', chunk(span, rest), FROM)
    t.strictSame([drops(p), p.batcher.open.messageCount], [{ [drop]: 1 }, 1], drop)
    t.strictSame(p.lines().sort(), golden('TSpan root').sort())
  }
  const p = pipeline()
  const bad = encodeMessage('TSpan', { ...ROOT_SPAN, transactionId: { $hex: '01' } })
  p.dispatcher.datagram('span', chunk(bad, span), FROM)
  t.equal(p.batcher.open.messageCount, 1, 'a span that has no row does not end the chunk')
  p.dispatcher.datagram('span', chunk(), FROM)
  t.strictSame(drops(p), { badTransactionId: 1, truncated: 1 }, 'an empty chunk is a cut-off message')
})

t.test('a message that has no row leaves nothing, and the next is right', async (t) => {
  const p = pipeline()
  p.give('TSpan', { ...ROOT_SPAN, agentId: 'x'.repeat(25) })
  p.give('TSpan', ROOT_SPAN)
  p.give('TSpanChunk', { ...CHUNK, transactionId: { $hex: '' } })
  t.strictSame([...cellLines(p.rows()), ...incrementLines(p.counters.take())].sort(), golden('TSpan root').sort())
  await p.batcher.close(1000)
  t.strictSame(
    [drops(p), p.accounting.inFlight, p.accounting.stored[0]],
    [{ nameTooLong: 1, badTransactionId: 1 }, 0, 1],
  )
  t.match(p.warnings, [/dropped a TSpan of agent x+: /, /dropped a TSpanChunk of agent front-1: /])
})

t.test('a TCP request gets its answer', async (t) => {
  const answers: (Error | null)[] = []
  const done = (error: Error | null): void => void answers.push(error)
  const p = pipeline()
  const packet = (message: Uint8Array): boolean => p.dispatcher.packet(message, FROM, done)
  t.ok(packet(encodeMessage('TApiMetaData', API)))
  t.equal(answers.length, 0, 'when its rows are stored')
  t.ok(packet(encodeMessage('TSqlMetaData', { agentId: 'front-1' })))
  t.match(answers, [{ code: 'ROW_MISSING_FIELD' }], 'at once when it has no row')
  t.notOk(packet(encodeMessage('TSpan', ROOT_SPAN)), 'never when the type is not taken here')
  t.notOk(packet(bytes('ef1000')), 'nor when it cannot be decoded')
  await p.batcher.close(1000)
  t.equal(answers.length, 2)
  t.equal(answers[1], null)
  t.notOk(p.dispatcher.packet(encodeMessage('TApiMetaData', API), FROM, null))
})

t.test('the figures of an agent', async (t) => {
  const p = pipeline()
  p.give('TAgentStat', AGENT_STAT)
  p.clock.now = ACCEPTED + 1000
  p.give('TSpan', ROOT_SPAN)
  p.give('TSpan', { ...ROOT_SPAN, transactionId: { $hex: '' } })
  p.clock.now = ACCEPTED + 2000
  p.give('TAgentInfo', AGENT_INFO)
  p.give('TSpan', BACK_SPAN)
  t.strictSame(p.agents.list(), [
    {
      agentId: 'front-1',
      applicationName: 'FRONT',
      spanMessages: 2,
      statMessages: 1,
      tcpMessages: 1,
      dropped: 1,
      lastSpan: ACCEPTED + 1000,
      lastStat: ACCEPTED,
      lastTcp: ACCEPTED + 2000,
      connection: null,
    },
    {
      agentId: 'back-1',
      applicationName: 'BACK',
      spanMessages: 1,
      statMessages: 0,
      tcpMessages: 0,
      dropped: 0,
      lastSpan: ACCEPTED + 2000,
      lastStat: 0,
      lastTcp: 0,
      connection: null,
    },
  ])
})

t.test('agent states are messages too', async (t) => {
  const p = pipeline()
  const run = {
    agentId: 'front-1',
    applicationName: 'FRONT',
    remoteAddress: '127.0.0.1',
    startTimestamp: 5n,
    socketId: 1,
    pingId: 0,
    timestamp: ACCEPTED,
  }
  p.dispatcher.agentState({ ...run, event: 'connected' })
  t.strictSame(tablesOf(p.rows()), ['AgentLifeCycle', 'AgentEvent'])
  await p.batcher.close(1000)
  t.equal(p.accounting.stored[MESSAGE_TYPES.indexOf('AgentState')], 1)
})

t.test('whatever strangers send and from wherever, their warnings are of a few kinds', async (t) => {
  const p = pipeline()
  for (let i = 0; i < 300; i++) {
    const from = { address: `10.0.${i >> 8}.${i & 255}` }
    p.dispatcher.datagram('span', bytes(`ef10${(0x1000 + i).toString(16)}00`), from)
    p.dispatcher.datagram('stat', bytes(`ab${i.toString(16).padStart(4, '0')}`), from)
    p.dispatcher.datagram('span', encodeMessage('TSpan', { ...ROOT_SPAN, agentId: `a-${i}${'x'.repeat(30)}` }), from)
  }
  t.equal(p.warnings.length, 900)
  const kinds = new Set(p.warnings.map((warning) => warning.slice(0, warning.indexOf(':'))))
  t.strictSame([...kinds].sort(), ['decode stat badSignature', 'map TSpan', 'type span'])
})
