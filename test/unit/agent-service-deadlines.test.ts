import t from 'tap'
import { AgentService } from '../../src/agent-service.js'
import { StoreError } from '../../src/errors.js'
import { ACK_TIMEOUT_MS, gates, SUCCESS, serving } from '../builders/agent-serving.js'
import { drops, pipeline } from '../builders/pipeline.js'
import { settled } from '../builders/pipeline-store.js'

t.test('while the store is stuck the answer is success after the time, and the row is not forgotten', async (t) => {
  const { p, agent, request, advance } = serving(t)
  const all = gates(p)
  request(1)
  await settled()
  advance(ACK_TIMEOUT_MS)
  t.strictSame(agent.answers, [[1, SUCCESS]])
  t.strictSame([p.accounting.inFlight, p.store.rows.length], [1, 0])
  all[0].open()
  await settled()
  t.strictSame([p.accounting.inFlight, p.store.rows.length, agent.answers.length], [0, 1, 1])
})

t.test('a refusal after the early answer changes nothing for the agent, and is counted', async (t) => {
  const { p, agent, request, advance } = serving(t)
  const all = gates(p)
  request(1)
  await settled()
  advance(ACK_TIMEOUT_MS)
  all[0].fail(new StoreError('corrupt', 'broken', false))
  await settled()
  t.strictSame([agent.answers, drops(p)], [[[1, SUCCESS]], { storeRefused: 1 }])
})

t.test('each request has its own deadline', async (t) => {
  const { p, agent, request, advance } = serving(t)
  const all = gates(p)
  request(1)
  await settled()
  advance(100)
  request(2)
  p.batcher.seal()
  advance(100)
  request(3)
  t.equal(all.length, 2)
  advance(ACK_TIMEOUT_MS - 201)
  t.strictSame(agent.answered, [])
  advance(1)
  t.strictSame(agent.answered, [1])
  advance(99)
  t.strictSame(agent.answered, [1])
  advance(1)
  t.strictSame(agent.answered, [1, 2])
  advance(100)
  t.strictSame(agent.answered, [1, 2, 3])
})

t.test('one that was stored before the first is passed over', async (t) => {
  const { p, agent, request, advance } = serving(t)
  const all = gates(p)
  request(1)
  await settled()
  request(2)
  p.batcher.seal()
  request(3)
  all[1].open()
  await settled()
  t.strictSame(agent.answered, [2])
  advance(ACK_TIMEOUT_MS)
  t.strictSame(agent.answered, [2, 1, 3])
  for (const g of all) g.open()
  await settled()
  for (const g of all) g.open()
  await settled()
  t.strictSame(agent.answered, [2, 1, 3])
})

t.test('deadlines are looked at four times in their time, and not all the time', async (t) => {
  t.strictSame(serving(t).intervals, [250])
  t.strictSame(serving(t, 1).intervals, [10])
})

t.test('stop() ends the looking', async (t) => {
  const service = new AgentService(pipeline().dispatcher, 1)
  const cleared = t.capture(globalThis, 'clearInterval', globalThis.clearInterval)
  service.start()
  service.stop()
  const calls = cleared()
  t.equal(calls.length, 1)
  t.type(calls[0].args[0], 'Timeout')
})
