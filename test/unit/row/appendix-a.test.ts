import t, { type Test } from 'tap'
import { appendEvent } from '../../../src/row/agent-lifecycle.js'
import { pipeline } from '../../builders/pipeline.js'
import * as messages from '../../builders/pipeline-messages.js'
import { bytes, golden } from '../../builders/rows.js'
import type { Plain } from '../../builders/thrift-idl.js'

// Every message of the recorded run of the original collector makes the recorded cells, and no other.

function linesOf(...given: [name: string, plain: Plain][]): string[] {
  const p = pipeline()
  for (const [name, plain] of given) p.give(name, plain)
  return p.lines().sort()
}

function same(t: Test, heading: string, ...given: [name: string, plain: Plain][]): void {
  t.strictSame(linesOf(...given), golden(heading).sort())
}

t.test('a root span with three events', async (t) => {
  same(t, 'TSpan root', ['TSpan', messages.ROOT_SPAN])
  const named = { ...messages.ROOT_SPAN, transactionId: messages.FRONT_TRANSACTION }
  same(t, 'TSpan root', ['TSpan', named])
})

t.test('a child span that comes twice is stored once more and counted twice', async (t) => {
  same(t, 'TSpan BACK', ['TSpan', messages.BACK_SPAN], ['TSpan', messages.BACK_SPAN])
})

t.test('a chunk with an asynchronous event', async (t) => {
  same(t, 'TSpanChunk FRONT', ['TSpanChunk', messages.CHUNK])
})

t.test('an event without a destination is not counted, but later ones are, unlike in the original', async (t) => {
  const later = [
    'INC Callee_Ver2 1e00044241434b03f27ffffea2c10867ff C:083508746573740e64623a3333303603e80c6261636b2d31 L 0000000000000001',
    'INC Caller_Ver2 0700047465737408357ffffea2c10867ff C:03f203e800044241434b L 0000000000000001',
  ]
  const lines = linesOf(['TSpan', messages.NO_DESTINATION_SPAN])
  t.strictSame(lines, [...golden('BACK span id 1'), ...later].sort())
})

t.test('service types that are not registered', async (t) => {
  same(t, 'BACK span id 2', ['TSpan', messages.UNKNOWN_TYPES_SPAN])
})

t.test('agent info, full and small', async (t) => {
  const lines = golden('TAgentInfo full')
  t.strictSame(linesOf(['TAgentInfo', messages.AGENT_INFO]), lines.sort())
  same(t, 'minimal message of the same kind\nPUT AgentInfo', ['TAgentInfo', messages.SMALL_AGENT_INFO])
})

t.test('agent states and a thread dump', async (t) => {
  const p = pipeline()
  const run = {
    agentId: 'front-1',
    applicationName: 'FRONT',
    remoteAddress: '127.0.0.1',
    startTimestamp: BigInt(messages.AGENT_START),
    socketId: 77,
  }
  const event = { ...run, pingId: 0, timestamp: messages.ACCEPTED }
  p.dispatcher.agentState({ ...event, event: 'connected' })
  p.dispatcher.agentState({ ...event, event: 'shutdown' })
  const start = BigInt(messages.AGENT_START)
  const agent = { agentId: Buffer.from('front-1'), startHi: Number(start >> 32n), startLo: Number(start & 0xffffffffn) }
  appendEvent(p.batcher.open, agent, messages.ACCEPTED, 20100, bytes('ef1002c1'))
  // the recorded run left out the event of the shutdown
  const shutdown =
    'PUT AgentEvent 66726f6e742d3100000000000000000000000000000000007ffffea2c10837c6 E:000027d8 L 000000000e66726f6e742d310000015d3ee855c00000015d3ef7c83900'
  t.strictSame(p.lines().sort(), [...golden('socket 77'), shutdown].sort())
})

t.test('agent statistics, full and small, alone and in a batch', async (t) => {
  same(t, 'TAgentStat (', ['TAgentStat', messages.AGENT_STAT])
  same(t, 'minimal message of the same kind\nPUT AgentStat', ['TAgentStat', messages.SMALL_AGENT_STAT])
  const batch = { agentId: 'front-1', startTimestamp: messages.AGENT_START, agentStats: [messages.AGENT_STAT] }
  same(t, 'TAgentStat (', ['TAgentStatBatch', batch])
})

t.test('metadata', async (t) => {
  const { API, SQL, STRING, TAG_API } = messages
  same(
    t,
    'metadata',
    ['TApiMetaData', API],
    ['TApiMetaData', TAG_API],
    ['TSqlMetaData', SQL],
    ['TStringMetaData', STRING],
  )
})

t.test('messages behind each other in one batch make the same cells', async (t) => {
  const { AGENT_INFO, API, BACK_SPAN, CHUNK, ROOT_SPAN, SQL, AGENT_STAT } = messages
  const lines = linesOf(
    ['TSpan', ROOT_SPAN],
    ['TAgentStat', AGENT_STAT],
    ['TSpanChunk', CHUNK],
    ['TAgentInfo', AGENT_INFO],
    ['TSpan', BACK_SPAN],
    ['TSpan', BACK_SPAN],
  )
  const headings = ['TSpan root', 'TAgentStat (', 'TSpanChunk FRONT', 'TAgentInfo full', 'TSpan BACK']
  t.strictSame(lines, headings.flatMap(golden).sort())
  t.ok(linesOf(['TApiMetaData', API], ['TSqlMetaData', SQL]).every((line) => golden('metadata').includes(line)))
})
