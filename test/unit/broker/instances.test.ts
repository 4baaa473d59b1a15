import t from 'tap'
import { BrokerState } from '../../../src/broker/broker-state.js'
import { BusyError, Instances, NotWrittenError } from '../../../src/broker/instances.js'
import { decodeState } from '../../../src/broker/state-text.js'
import { bindCall, bindingPath, call, MemoryStore, provisionCall, testBroker } from '../../builders/broker.js'

const instance = (id: string): Parameters<BrokerState['addInstance']>[0] => ({
  id,
  serviceId: 's',
  planId: 'p',
  organizationGuid: 'o',
  spaceGuid: 'sp',
  parameters: '{}',
})

t.test('nothing is answered or seen before it is on disk', async (t) => {
  const store = new MemoryStore()
  const instances = new Instances(store, new BrokerState(), 0, 10)
  let answered = false
  const added = instances
    .run((draft) => draft.addInstance(instance('i')))
    .then(() => {
      answered = true
      t.ok(decodeState(store.text).instances.has('i'))
    })
  t.notOk(instances.state.instances.has('i'))
  const seen = instances.run((draft) => draft.instances.has('i'))
  await new Promise(setImmediate)
  t.notOk(answered)
  await added
  t.ok(instances.state.instances.has('i'))
  t.ok(await seen, 'a later call sees what an earlier one did')
  t.equal(instances.report().pending, 0)
})

t.test('calls that come during a write share the next one', async (t) => {
  const store = new MemoryStore()
  const instances = new Instances(store, new BrokerState(), 0, 1000)
  const calls = Array.from({ length: 200 }, (_, i) => instances.run((draft) => draft.addInstance(instance(`i${i}`))))
  await Promise.all(calls)
  t.equal(store.writes, 2)
  t.equal(decodeState(store.text).instances.size, 200)
})

t.test('after a failed write nothing was done, and the next call tries again', async (t) => {
  const store = new MemoryStore()
  const instances = new Instances(store, new BrokerState(), 0, 10)
  await instances.run((draft) => draft.addInstance(instance('kept')))
  store.failure = new Error('no space left; free some')
  const failed = await Promise.allSettled([
    instances.run((draft) => draft.addInstance(instance('lost'))),
    instances.run((draft) => draft.removeInstance('kept')),
  ])
  for (const result of failed) t.ok(result.status === 'rejected' && result.reason instanceof NotWrittenError)
  t.same([...instances.state.instances.keys()], ['kept'])
  t.match(instances.report(), { failedWrites: 1, failure: 'no space left; free some', pending: 0 })
  store.failure = undefined
  await instances.run((draft) => draft.addInstance(instance('new')))
  t.same([...decodeState(store.text).instances.keys()], ['kept', 'new'])
  t.equal(instances.report().failure, null)
})

t.test('a call that throws costs no other call', async (t) => {
  const instances = new Instances(new MemoryStore(), new BrokerState(), 0, 10)
  const [broken, fine] = await Promise.allSettled([
    instances.run(() => {
      throw new Error('a defect')
    }),
    instances.run((draft) => draft.addInstance(instance('i'))),
  ])
  t.match(broken, { status: 'rejected', reason: { message: 'a defect' } })
  t.equal(fine.status, 'fulfilled')
  t.ok(instances.state.instances.has('i'))
})

t.test('the queue is bounded', async (t) => {
  const instances = new Instances(new MemoryStore(), new BrokerState(), 0, 2)
  const calls = ['a', 'b', 'c'].map((id) => instances.run((draft) => draft.addInstance(instance(id))))
  const results = await Promise.allSettled(calls)
  t.same(
    results.map((r) => r.status),
    ['fulfilled', 'fulfilled', 'rejected'],
  )
  t.ok(results[2].status === 'rejected' && results[2].reason instanceof BusyError)
  await instances.run((draft) => draft.addInstance(instance('d')))
  await instances.idle()
  t.equal(instances.state.instances.size, 3)
})

t.test('the platform sees 500 when the state cannot be written, and 429 when too much waits', async (t) => {
  const { server, store, log } = testBroker({ maxPending: 1 })
  store.failure = new Error('no space left; free some')
  const failed = await call(server, provisionCall('i'))
  t.equal(failed.status, 500)
  t.notMatch(JSON.stringify(failed.body), /no space left/)
  t.match(failed.body, { description: /nothing was done/ })
  t.match(log.find((l) => l.level === 'error')?.text, /no space left; free some/)
  const ready = await call(server, { method: 'GET', path: '/health/ready' })
  t.match(ready, { status: 503, body: { reasons: ['state: no space left; free some'] } })
  store.failure = undefined
  const both = await Promise.all([call(server, provisionCall('i')), call(server, provisionCall('j'))])
  t.same(both.map((a) => a.status).sort(), [201, 429])
  t.equal(both.find((a) => a.status === 429)?.headers['retry-after'], '1')
  t.equal((await call(server, { method: 'GET', path: '/health/ready' })).status, 200)
})

t.test('fetches see only what is on disk', async (t) => {
  const { server } = testBroker()
  await call(server, provisionCall('i'))
  const binding = call(server, bindCall('i', 'b'))
  const fetched = await call(server, { method: 'GET', path: bindingPath('i', 'b') })
  t.ok(fetched.status === 404 || (await binding).status === 201)
  await binding
  t.equal((await call(server, { method: 'GET', path: bindingPath('i', 'b') })).status, 200)
})
