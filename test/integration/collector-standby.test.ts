import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { Collector, eventually, temporaryDirectory } from '../builders/collector.js'
import { SteadyAgent } from '../builders/load-agent.js'

const LOW_RATE = 200
/** a worker that dies is started again after this, and needs longer to load: a standby takes over before */
const RESTART_MS = 500
/** long enough to be missed, short enough for the smallest receive buffer */
const STOPPED_MS = 1_500
/** ten seconds of calm, and what a busy machine adds */
const LEAVE_LIMIT_MS = 40_000

interface Loaded {
  collector: Collector
  agent: SteadyAgent
  /** ends the load; afterwards each datagram is in a counter */
  quiet(): Promise<void>
}

async function loaded(t: Test): Promise<Loaded> {
  const collector = await Collector.start({ workers: 2, dataDir: temporaryDirectory() })
  const agent = new SteadyAgent('standby-agent')
  await agent.connect(collector.ports)
  const stop = new AbortController()
  const load = agent.spansUntil(stop.signal, LOW_RATE)
  const quiet = async (): Promise<void> => {
    stop.abort()
    await load
    await eventually(async () => (await collector.metrics()).inFlight() === 0)
  }
  t.teardown(async () => {
    stop.abort()
    await load
    await collector.kill()
    await agent.close()
  })
  t.ok(await eventually(async () => (await received(collector)) > LOW_RATE))
  return { collector, agent, quiet }
}

async function received(collector: Collector): Promise<number> {
  return (await collector.metrics()).sum('packets_received_total', { receiver: 'span' })
}

async function readers(collector: Collector): Promise<number> {
  return (await collector.metrics()).sum('workers_receiving')
}

/** Workers that are ready and alive. */
async function answering(collector: Collector): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${collector.ports.http}/debug/pipeline`)
  return ((await response.json()) as { workers: number }).workers
}

/** CPU seconds by process. */
function cpu(collector: Collector): Map<number, number> {
  return new Map(collector.usage().map(({ pid, cpuSeconds }) => [pid, cpuSeconds]))
}

function workers(collector: Collector): number[] {
  const [primary] = [...cpu(collector).keys()].sort((a, b) => a - b)
  return [...cpu(collector).keys()].filter((pid) => pid !== primary)
}

t.test(
  'one worker reads at low load, two when it is busy, one again when it is calm; no datagram is lost by that',
  async (t) => {
    const { collector, agent, quiet } = await loaded(t)
    t.ok(await eventually(async () => (await readers(collector)) === 1, LEAVE_LIMIT_MS), 'one reads')
    const stopped = workers(collector)
    // a process that is stopped tells no load, which counts as a full one; one of the two is the reader
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    await pause(STOPPED_MS)
    for (const pid of stopped) process.kill(pid, 'SIGCONT')
    t.ok(await eventually(async () => (await readers(collector)) === 2), 'two read')
    t.ok(await eventually(async () => (await readers(collector)) === 1, LEAVE_LIMIT_MS), 'one reads again')
    await quiet()
    const metrics = await collector.metrics()
    t.equal(metrics.sum('messages_total', { type: 'TSpan' }) + metrics.kernelDrops(), agent.spans)
    t.equal(metrics.kernelDrops(), 0)
    t.equal(metrics.imbalance(), 0)
    const lines = collector.log.map(({ msg }) => msg).filter((msg) => msg.includes('read the UDP ports'))
    t.match(lines, [/^2 of 2 workers read the UDP ports now/, /^1 of 2 workers read the UDP ports now/])
  },
)

t.test('when the reading worker is killed, the one on standby takes over before the next is started', async (t) => {
  const { collector, agent, quiet } = await loaded(t)
  const [first, second] = workers(collector)
  process.kill(first, 'SIGKILL')
  t.ok(await eventually(() => !workers(collector).includes(first)))
  t.ok(await eventually(async () => (await answering(collector)) === 2), 'its successor is ready')
  // since then one of the two reads, whichever
  t.ok(await eventually(async () => (await readers(collector)) === 1, LEAVE_LIMIT_MS), 'one reads')
  process.kill(second, 'SIGKILL')
  const killedAt = performance.now()
  const before = agent.spans
  t.ok(await eventually(() => workers(collector).length === 1))
  await pause(RESTART_MS / 2)
  t.equal(await readers(collector), 1, `the other one reads ${Math.round(performance.now() - killedAt)} ms later`)
  await quiet()
  const metrics = await collector.metrics()
  t.equal(metrics.kernelDrops(), 0)
  t.ok(agent.spans > before)
  const unknown = agent.spans - metrics.sum('messages_total', { type: 'TSpan' })
  t.ok(
    unknown <= 2 * 1.5 * LOW_RATE,
    `${unknown} of ${agent.spans} died with the two uncounted, about a second's each at most`,
  )
})
