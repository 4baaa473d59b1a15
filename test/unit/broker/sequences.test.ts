import fc from 'fast-check'
import t from 'tap'
import type { Answer } from '../../../src/broker/answers.js'
import { BrokerState } from '../../../src/broker/broker-state.js'
import { PLAN_ID, SERVICE_ID } from '../../../src/broker/catalog.js'
import { Instances } from '../../../src/broker/instances.js'
import { bind, deprovision, provision, unbind } from '../../../src/broker/operations.js'
import { decodeState } from '../../../src/broker/state-text.js'
import {
  bindCall,
  bindingPath,
  call,
  deprovisionCall,
  HOSTS,
  instancePath,
  MemoryStore,
  OFFER,
  type PlatformAnswer,
  provisionCall,
  type TestBroker,
  testBroker,
  unbindCall,
} from '../../builders/broker.js'

// Random sequences of calls against a model that fits on a page: what a broker is, without files, queues or HTTP.

type Change =
  | { kind: 'provision'; i: string; space: string }
  | { kind: 'deprovision'; i: string }
  | { kind: 'bind'; i: string; b: string; name: string }
  | { kind: 'unbind'; i: string; b: string }
type Fetch = { kind: 'fetchInstance'; i: string } | { kind: 'fetchBinding'; i: string; b: string }
type Step = Change | Fetch | { kind: 'restart' }

const IDS = { service_id: SERVICE_ID, plan_id: PLAN_ID }

const id = fc.constantFrom('1', '2', '3')
const binding = fc.constantFrom('a', 'b', 'c', 'd')
const one = <const K extends string>(kind: K): fc.Arbitrary<K> => fc.constant(kind)

const CHANGES: fc.WeightedArbitrary<Change>[] = [
  {
    weight: 4,
    arbitrary: fc.record({ kind: one('provision'), i: id, space: fc.constantFrom('x', 'x', 'y') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: one('deprovision'), i: id }) },
  { weight: 6, arbitrary: fc.record({ kind: one('bind'), i: id, b: binding, name: fc.constantFrom('n', 'n', 'm') }) },
  { weight: 3, arbitrary: fc.record({ kind: one('unbind'), i: id, b: binding }) },
]
const change = fc.oneof(...CHANGES)
const step: fc.Arbitrary<Step> = fc.oneof(
  ...CHANGES,
  { weight: 1, arbitrary: fc.record({ kind: one('fetchInstance'), i: id }) },
  { weight: 1, arbitrary: fc.record({ kind: one('fetchBinding'), i: id, b: binding }) },
  { weight: 1, arbitrary: fc.record({ kind: one('restart') }) },
)

class Model {
  spaces = new Map<string, string>()
  bindings = new Map<string, { i: string; name: string; host: string }>()

  /** The status that the step must have; what it does is done. */
  apply(step: Change | Fetch): number {
    if (step.kind === 'provision') {
      const known = this.spaces.get(step.i)
      if (known !== undefined) return known === step.space ? 200 : 409
      this.spaces.set(step.i, step.space)
      return 201
    }
    if (step.kind === 'deprovision') {
      for (const [b, { i }] of [...this.bindings]) if (i === step.i) this.bindings.delete(b)
      return this.spaces.delete(step.i) ? 200 : 410
    }
    if (step.kind === 'fetchInstance') return this.spaces.has(step.i) ? 200 : 404
    const known = this.bindings.get(step.b)
    if (step.kind === 'bind') {
      if (!this.spaces.has(step.i)) return 404
      if (known !== undefined) return known.i === step.i && known.name === step.name ? 200 : 409
      this.bindings.set(step.b, { i: step.i, name: step.name, host: this.leastBound() })
      return 201
    }
    if (known?.i !== step.i) return step.kind === 'unbind' ? 410 : 404
    if (step.kind === 'unbind') this.bindings.delete(step.b)
    return 200
  }

  private leastBound(): string {
    const counts = HOSTS.map((host) => [...this.bindings.values()].filter((b) => b.host === host).length)
    return HOSTS[counts.indexOf(Math.min(...counts))]
  }
}

function make({ server }: TestBroker, step: Change | Fetch): Promise<PlatformAnswer> {
  switch (step.kind) {
    case 'provision':
      return call(server, provisionCall(step.i, { space_guid: step.space }))
    case 'deprovision':
      return call(server, deprovisionCall(step.i))
    case 'fetchInstance':
      return call(server, { method: 'GET', path: instancePath(step.i) })
    case 'bind':
      return call(server, bindCall(step.i, step.b, { parameters: { application_name: step.name } }))
    case 'unbind':
      return call(server, unbindCall(step.i, step.b))
    case 'fetchBinding':
      return call(server, { method: 'GET', path: bindingPath(step.i, step.b) })
  }
}

function check(step: Step, status: number, answer: Pick<PlatformAnswer, 'status' | 'body'>, model: Model): void {
  const told = `${JSON.stringify(step)}: ${answer.status} ${JSON.stringify(answer.body)}`
  if (answer.status !== status) throw new Error(`${told}, not ${status}`)
  if ((step.kind !== 'bind' && step.kind !== 'fetchBinding') || status > 201) return
  const { name, host } = model.bindings.get(step.b)!
  const given = (answer.body as { credentials: Record<string, unknown> }).credentials
  if (given.application_name !== name || given.collector_host !== host)
    throw new Error(`${told}, not ${name} at ${host}`)
}

t.test('one call after the other, with restarts: every answer is that of the model', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const model = new Model()
      let broker = testBroker()
      for (const step of steps) {
        if (step.kind === 'restart') {
          broker = testBroker({ store: broker.store })
          continue
        }
        check(step, model.apply(step), await make(broker, step), model)
      }
      const kept = decodeState(broker.store.text)
      if (kept.instances.size !== model.spaces.size) throw new Error('instances on disk')
      if (kept.bindings.size !== model.bindings.size) throw new Error('bindings on disk')
    }),
    { numRuns: 150 },
  )
  t.pass('150 sequences')
})

function work(step: Change): (draft: BrokerState) => Answer {
  switch (step.kind) {
    case 'provision':
      return (draft) => provision(draft, OFFER, step.i, { ...IDS, organization_guid: 'o', space_guid: step.space })
    case 'deprovision':
      return (draft) => deprovision(draft, step.i, IDS)
    case 'bind':
      return (draft) => bind(draft, OFFER, step.i, step.b, { ...IDS, parameters: { application_name: step.name } })
    case 'unbind':
      return (draft) => unbind(draft, step.i, step.b, IDS)
  }
}

t.test('all at once: the answers are those of the calls in the order they came', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(change, fc.boolean()), { maxLength: 60 }), async (steps) => {
      const store = new MemoryStore()
      const instances = new Instances(store, new BrokerState(), 0, 1000)
      const answers: Promise<Answer>[] = []
      for (const [s, pause] of steps) {
        answers.push(instances.run(work(s)))
        // so that some come in the middle of a write
        if (pause) await new Promise(setImmediate)
      }
      const model = new Model()
      for (const [n, [s]] of steps.entries()) check(s, model.apply(s), await answers[n], model)
      if (decodeState(store.text).bindings.size !== model.bindings.size) throw new Error('bindings on disk')
    }),
    { numRuns: 300 },
  )
  t.pass('300 sequences')
})
