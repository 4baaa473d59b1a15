import t from 'tap'
import type { AgentStateEvent, AgentStateName } from '../../../src/receiver/tcp-handler.js'
import { drops, pipeline, type TestPipeline } from '../../builders/pipeline.js'
import { ACCEPTED, AGENT_START } from '../../builders/pipeline-messages.js'
import { long, pad24, rev, tablesOf } from '../../builders/rows.js'

const EVENT: AgentStateEvent = {
  agentId: 'front-1',
  applicationName: 'FRONT',
  remoteAddress: '127.0.0.1',
  startTimestamp: BigInt(AGENT_START),
  socketId: 77,
  event: 'connected',
  pingId: 0,
  timestamp: ACCEPTED,
}

function given(event: Partial<AgentStateEvent>): TestPipeline {
  const p = pipeline()
  p.dispatcher.agentState({ ...EVENT, ...event })
  return p
}

t.test('state, counter and event code of every kind (storage.md §7.3)', async (t) => {
  const kinds: [event: AgentStateName, state: number, counter: number, code: number][] = [
    ['connected', 100, 0, 10100],
    ['ping', 100, 5, 10199],
    ['shutdown', 200, 0x7fffffff, 10200],
    ['unexpected_shutdown', 201, 0x7fffffff, 10201],
    ['closed_by_server', 300, 0x7fffffff, 10300],
    ['unexpected_close_by_server', 300, 0x7fffffff, 10301],
  ]
  for (const [event, state, counter, code] of kinds) {
    const [lifecycle, agentEvent] = given({ event, pingId: event === 'ping' ? 5 : 0 }).rows()
    const id = (77n << 32n) | BigInt(counter)
    t.equal(lifecycle.key.toString('hex'), pad24('front-1') + rev(AGENT_START) + rev(id), event)
    const run = `000000000e66726f6e742d31${long(AGENT_START)}${long(ACCEPTED)}`
    t.equal(lifecycle.cells[0].value.toString('hex'), `${run}${long(id)}${state.toString(16).padStart(4, '0')}`)
    t.equal(agentEvent.key.toString('hex'), pad24('front-1') + rev(ACCEPTED))
    t.equal(agentEvent.cells[0].qualifier.readInt32BE(), code)
    t.equal(agentEvent.cells[0].value.toString('hex'), `${run}00`)
  }
})

t.test('no lifecycle row without a socket id, nor for a negative ping', async (t) => {
  t.strictSame(tablesOf(given({ socketId: undefined }).rows()), ['AgentEvent'])
  t.strictSame(tablesOf(given({ event: 'ping', pingId: -3 }).rows()), ['AgentEvent'])
  t.strictSame(tablesOf(given({ event: 'ping', pingId: 0 }).rows()), ['AgentLifeCycle', 'AgentEvent'])
})

t.test('start times of 64 bits', async (t) => {
  for (const startTimestamp of [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 32n - 1n]) {
    const [lifecycle] = given({ startTimestamp }).rows()
    t.equal(lifecycle.key.toString('hex', 24, 32), rev(startTimestamp))
  }
})

t.test('the rows carry the time of the event, not of the clock', async (t) => {
  const p = given({ timestamp: ACCEPTED - 5 })
  t.strictSame(
    p.rows().map((r) => r.time),
    [ACCEPTED - 5, ACCEPTED - 5],
  )
})

t.test('an agent id of more than 24 bytes has no rows', async (t) => {
  const p = given({ agentId: 'x'.repeat(25) })
  t.strictSame([p.rows(), drops(p), p.accounting.inFlight], [[], { nameTooLong: 1 }, 0])
})
