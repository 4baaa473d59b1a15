import t from 'tap'
import { encodeResult } from '../../src/agent-service.js'
import { StoreError } from '../../src/errors.js'
import type { TcpConnection } from '../../src/receiver/tcp-connection.js'
import { ACK_TIMEOUT_MS, gates, METADATA, SUCCESS, serving } from '../builders/agent-serving.js'
import { drops } from '../builders/pipeline.js'
import { AGENT_INFO, API, ROOT_SPAN } from '../builders/pipeline-messages.js'
import { settled } from '../builders/pipeline-store.js'
import { encodeMessage } from '../builders/thrift-encode.js'

function refusal(message: string): Buffer {
  return encodeMessage('TResult', { success: false, message })
}

t.test('a request is answered when its rows are stored, not before', async (t) => {
  const { p, agent, request, advance } = serving(t)
  const all = gates(p)
  request(1)
  request(2, encodeMessage('TAgentInfo', AGENT_INFO))
  await settled()
  advance(ACK_TIMEOUT_MS - 1)
  t.strictSame(agent.answers, [])
  all[0].open()
  await settled()
  t.strictSame(agent.answers, [
    [1, SUCCESS],
    [2, SUCCESS],
  ])
  advance(ACK_TIMEOUT_MS)
  t.equal(agent.answers.length, 2, 'and only once')
})

t.test('what the store refuses is answered with the reason', async (t) => {
  const { p, agent, request } = serving(t)
  p.store.onPut = (_, call) => {
    if (call === 1) throw new StoreError('corrupt', 'the file is broken', false)
    return [{ row: 1, reason: 'key_too_long', message: 'the key is too long' }]
  }
  request(1)
  request(2)
  await settled()
  await settled()
  t.strictSame(agent.answers, [
    [1, SUCCESS],
    [2, refusal('the key is too long')],
  ])
  request(3)
  await settled()
  await settled()
  t.strictSame(agent.answers[2], [3, refusal('the file is broken')])
})

t.test('what no row can be made of is refused at once', async (t) => {
  const { p, agent, request, advance } = serving(t)
  request(1, encodeMessage('TApiMetaData', { ...API, agentId: 'x'.repeat(25) }))
  t.equal(agent.answers.length, 1)
  t.match(agent.answers[0][1].toString('latin1'), /25 bytes/)
  t.match(agent.answers[0][1].subarray(0, 6), refusal('x').subarray(0, 6), 'success is false')
  advance(ACK_TIMEOUT_MS)
  t.equal(agent.answers.length, 1)
  t.strictSame(drops(p), { nameTooLong: 1 })
})

t.test('a full queue is told at once', async (t) => {
  const { p, agent, request } = serving(t)
  Object.defineProperty(p.batcher, 'fullForTcp', { value: true })
  request(1)
  t.strictSame(agent.answers, [[1, refusal('The collector is overloaded: its queue to the store is full.')]])
  t.strictSame(drops(p), { queueFull: 1 })
})

t.test('what cannot be decoded, or is not taken over TCP, has no answer', async (t) => {
  const { p, agent, request, advance } = serving(t)
  request(1, METADATA.subarray(0, METADATA.length - 4))
  request(2, Buffer.from('GET / HTTP/1.1'))
  request(3, Buffer.alloc(0))
  request(4, encodeMessage('TSpan', ROOT_SPAN))
  request(5, Buffer.from('ef10270f', 'hex'))
  await settled()
  advance(ACK_TIMEOUT_MS)
  t.strictSame([agent.answers, agent.discarded], [[], [1, 2, 3, 4, 5]])
  t.equal(
    Object.values(drops(p)).reduce((a, b) => a + b),
    5,
  )
})

t.test('what comes with SEND is stored and never answered', async (t) => {
  const { p, service, agent, advance } = serving(t)
  for (const payload of [METADATA, Buffer.from('?'), encodeMessage('TSpan', ROOT_SPAN)])
    service.send(agent as unknown as TcpConnection, payload)
  p.batcher.seal()
  await settled()
  advance(ACK_TIMEOUT_MS)
  t.strictSame([agent.answers, agent.discarded], [[], []])
  t.strictSame(
    p.store.rows.map((row) => row.table),
    ['StringMetaData'],
  )
})

t.test('state changes become rows', async (t) => {
  const { p, service } = serving(t)
  service.agentState({
    agentId: 'front-1',
    applicationName: 'FRONT',
    remoteAddress: '192.0.2.1',
    startTimestamp: 1n,
    socketId: 1,
    event: 'connected',
    pingId: 0,
    timestamp: 5,
  })
  t.ok(p.rows().length > 0)
  t.match(p.agents.list(), [{ agentId: 'front-1', connection: { since: 5, until: null } }])
})

t.test('the answer is a TResult behind its header', async (t) => {
  t.strictSame(encodeResult(true), SUCCESS)
  t.strictSame(encodeResult(false, 'why'), refusal('why'))
})
