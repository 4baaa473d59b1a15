import t from 'tap'
import type { AgentConnection, AgentTraffic } from '../../src/agents.js'
import type { AgentReport } from '../../src/http/introspection.js'
import { FakeCrew, introspection, NOW, worker } from '../builders/crew.js'

const MINUTE = 60_000

function traffic(changes: Partial<AgentTraffic>): AgentTraffic {
  return {
    agentId: 'front-1',
    applicationName: '',
    spanMessages: 0,
    statMessages: 0,
    tcpMessages: 0,
    dropped: 0,
    lastSpan: 0,
    lastStat: 0,
    lastTcp: 0,
    connection: null,
    ...changes,
  }
}

function connection(since: number, until: number | null = null): AgentConnection {
  return { startTimestamp: since - 5, remoteAddress: `10.0.0.${since % 10}`, socketId: 1, since, until }
}

async function agentsOf(...perWorker: Partial<AgentTraffic>[]): Promise<AgentReport[]> {
  return introspection(new FakeCrew(perWorker.map((of) => worker({ traffic: [traffic(of)] })))).agents()
}

async function warningOf(...perWorker: Partial<AgentTraffic>[]): Promise<string[]> {
  const [agent] = await agentsOf(...perWorker)
  return agent.warnings
}

t.test('an agent that two workers know is one, and its figures are added', async (t) => {
  const first = traffic({
    applicationName: 'FRONT',
    tcpMessages: 3,
    lastTcp: NOW - 30,
    connection: connection(NOW - 9),
  })
  const second = traffic({ spanMessages: 5, lastSpan: NOW - 10, statMessages: 2, lastStat: NOW - 20, dropped: 1 })
  const third = traffic({ spanMessages: 1, lastSpan: NOW - 15, dropped: 2 })
  const expected = {
    agentId: 'front-1',
    applicationName: 'FRONT',
    startTimestamp: NOW - 14,
    remoteAddress: '10.0.0.1',
    connectedSince: NOW - 9,
    disconnectedAt: null,
    lastSeen: NOW - 10,
    received: { tcp: 3, stat: 2, span: 6 },
    lastReceived: { tcp: NOW - 30, stat: NOW - 20, span: NOW - 10 },
    rejected: 3,
    warnings: [],
  }
  t.strictSame(await agentsOf(first, second, third), [expected])
  t.strictSame(await agentsOf(third, second, first), [expected], 'in whatever order')
})

t.test('agents are sorted; one that was never heard on a port has null there', async (t) => {
  const agents = await agentsOf({ agentId: 'b' }, { agentId: 'a', tcpMessages: 1, lastTcp: 7 })
  t.strictSame(
    agents.map((a) => a.agentId),
    ['a', 'b'],
  )
  t.match(agents[0], { lastSeen: 7, lastReceived: { tcp: 7, stat: null, span: null }, connectedSince: null })
  t.match(agents[1], { lastSeen: null, startTimestamp: null })
})

t.test('the newest connection of an agent wins, whichever worker has it', async (t) => {
  const old = { connection: connection(NOW - 100, NOW - 50) }
  const fresh = { connection: connection(NOW - 7) }
  for (const workers of [
    [old, fresh],
    [fresh, old],
  ]) {
    t.match(await agentsOf(...workers), [
      { connectedSince: NOW - 7, disconnectedAt: null, startTimestamp: NOW - 12, remoteAddress: '10.0.0.3' },
    ])
  }
})

t.test('a worker that does not answer hides its agents only', async (t) => {
  const crew = new FakeCrew([worker(new Error('silent')), worker({ traffic: [traffic({})] })])
  t.equal((await introspection(crew).agents()).length, 1)
})

t.test('connected, but no UDP seen', async (t) => {
  const long = { connection: connection(NOW - MINUTE - 1) }
  t.match(await warningOf(long), [/^connected but no UDP seen/])
  t.strictSame(await warningOf({ connection: connection(NOW - MINUTE) }), [], 'it has a minute')
  t.strictSame(await warningOf({ connection: connection(NOW - MINUTE - 1, NOW) }), [], 'it has gone')
  t.strictSame(await warningOf(long, { lastStat: NOW }), [], 'another worker has its UDP')
})

t.test('spans come, but no statistics', async (t) => {
  const spans = { lastSpan: NOW }
  t.match(await warningOf(spans, { connection: connection(NOW - MINUTE - 1) }), [/^spans but no statistics seen/])
  t.strictSame(await warningOf(spans, { connection: connection(NOW - MINUTE) }), [])
  t.strictSame(await warningOf({ ...spans, lastStat: NOW }, { connection: connection(NOW - MINUTE - 1) }), [])
})

t.test('UDP, but no TCP connection', async (t) => {
  t.match(await warningOf({ lastStat: NOW }), [/^UDP seen but no TCP connection here/])
  t.match(await warningOf({ lastSpan: NOW }), [/^UDP seen but no TCP connection here/])
  t.strictSame(await warningOf({ lastSpan: NOW }, { lastStat: NOW, connection: connection(NOW - 1) }), [])
  const gone = connection(NOW - 9 * MINUTE, NOW - 5 * MINUTE)
  t.strictSame(await warningOf({ lastSpan: NOW - 4 * MINUTE, connection: gone }), [], 'the last of one that has gone')
  t.match(await warningOf({ lastSpan: NOW - 4 * MINUTE + 1, connection: gone }), [/^UDP seen/])
})
