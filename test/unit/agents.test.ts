import t from 'tap'
import { AgentRegistry } from '../../src/agents.js'

const BYTES = Buffer.from('front-1FRONT')

function agent(registry: AgentRegistry, id: string, name = ''): ReturnType<AgentRegistry['get']> {
  const bytes = Buffer.from(id + name)
  const n = Buffer.byteLength(id)
  return registry.get(bytes, 0, n, n, name === '' ? -1 : bytes.length - n)
}

t.test('an agent is found again by its id', async (t) => {
  const registry = new AgentRegistry(10)
  const first = registry.get(BYTES, 0, 7, 7, 5)
  t.match(first, {
    agentId: 'front-1',
    applicationName: 'FRONT',
    spanMessages: 0,
    dropped: 0,
    lastTcp: 0,
  })
  first.spanMessages++
  t.equal(registry.get(BYTES, 0, 7, 7, 5), first)
  t.not(registry.get(BYTES, 0, 6, 7, 5), first)
  t.equal(registry.size, 2)
  t.strictSame(
    registry.list().map((a) => a.agentId),
    ['front-1', 'front-'],
  )
})

t.test('the application name comes with the first message that tells it', async (t) => {
  const registry = new AgentRegistry(10)
  t.equal(agent(registry, 'a').applicationName, '')
  t.equal(agent(registry, 'a', 'FRONT').applicationName, 'FRONT')
  t.equal(agent(registry, 'a').applicationName, 'FRONT')
})

t.test('messages without an agent id share one entry', async (t) => {
  const registry = new AgentRegistry(10)
  const none = registry.get(BYTES, 0, -1, 0, -1)
  t.equal(none.agentId, '')
  t.equal(registry.get(BYTES, 0, -1, 0, -1), none)
  t.equal(agent(registry, ''), none)
  t.equal(registry.size, 1)
})

t.test('long ids are cut, so that they cannot fill the memory', async (t) => {
  const registry = new AgentRegistry(10)
  const cut = agent(registry, 'x'.repeat(1000), 'y'.repeat(1000))
  t.strictSame([cut.agentId, cut.applicationName], ['x'.repeat(24), 'y'.repeat(24)])
  t.equal(agent(registry, 'x'.repeat(500)), cut)
})

t.test('the bound is kept, and as many agents as it allows keep their figures', async (t) => {
  const registry = new AgentRegistry(3)
  for (let round = 0; round < 3; round++) for (const id of ['a', 'b', 'c']) agent(registry, id).spanMessages++
  t.strictSame(
    registry.list().map((a) => a.spanMessages),
    [3, 3, 3],
  )
  agent(registry, 'd')
  t.strictSame(
    registry.list().map((a) => a.agentId),
    ['d'],
    'one more: it starts anew',
  )
})
