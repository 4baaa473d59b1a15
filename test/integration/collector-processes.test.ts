import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { Collector, dumpLines, eventually, temporaryDirectory } from '../builders/collector.js'
import type { Metrics } from '../builders/collector-metrics.js'
import { SteadyAgent } from '../builders/load-agent.js'

const BIN = fileURLToPath(new URL('../../../bin/pinpoint-collector', import.meta.url))
const COMMAND_LIMIT_MS = 30_000
/** a worker starts again after half a second, and needs one or two to load; this machine may be busy */
const TAKEOVER_LIMIT_MS = 10_000
const SPANS_PER_SECOND = 200
const SCRAPE_PAUSE_MS = 50
const COUNTERS = ['messages_total', 'messages_stored_total', 'packets_received_total', 'rows_written_total']

interface Processes {
  primary: number
  workers: number[]
}

/** The primary is our child, the workers are its. */
function processesOf(collector: Collector): Processes {
  const all = collector.usage().map(({ pid }) => pid)
  const workers = all.filter((pid) => parentOf(pid) !== process.pid)
  return { primary: all.find((pid) => !workers.includes(pid)) ?? 0, workers }
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}

interface Loaded {
  collector: Collector
  agent: SteadyAgent
  dataDir: string
  /** ends the load, and waits for it */
  quiet(): Promise<void>
}

/** A collector with two workers, some spans and metadata. */
async function loaded(t: Test): Promise<Loaded> {
  const dataDir = temporaryDirectory()
  const collector = await Collector.start({ workers: 2, dataDir })
  const agent = new SteadyAgent('steady-agent')
  const stop = new AbortController()
  await agent.connect(collector.ports)
  const load = [agent.requestUntil(stop.signal), agent.spansUntil(stop.signal, SPANS_PER_SECOND)]
  const quiet = async (): Promise<void> => {
    stop.abort()
    await Promise.all(load)
    await agent.close()
  }
  t.teardown(async () => {
    await collector.kill()
    await quiet()
  })
  const working = await eventually(async () => agent.acknowledged.length > 50 && (await spansStored(collector)) > 100)
  t.ok(working, 'spans and metadata are stored')
  return { collector, agent, dataDir, quiet }
}

async function spansStored(collector: Collector): Promise<number> {
  return (await collector.metrics()).sum('messages_stored_total', { type: 'TSpan' })
}

/** What /metrics says all the time, until the signal. */
async function scrapes(collector: Collector, signal: AbortSignal): Promise<Metrics[]> {
  const all: Metrics[] = []
  while (!signal.aborted) {
    all.push(await collector.metrics())
    await pause(SCRAPE_PAUSE_MS)
  }
  return all
}

async function missing(dataDir: string, agent: SteadyAgent): Promise<number[]> {
  const rows = new Set<string>()
  for await (const line of dumpLines(dataDir, 'StringMetaData')) rows.add(line.split(' ', 2)[1])
  return agent.missingMetadata(rows)
}

interface Ended {
  code: number | null
  complaint: string
}

/** A command that is to end by itself; the test runner's environment is kept from it. */
async function ended(...args: string[]): Promise<Ended> {
  const clean = ['-i', `PATH=${process.env.PATH ?? ''}`, process.execPath, BIN]
  const child = spawn('env', [...clean, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: COMMAND_LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const [code] = await once(child, 'close')
  return { code, complaint }
}

t.test('kill -9 of a worker: the others go on, no counter falls, and a new one takes over', async (t) => {
  const { collector, quiet } = await loaded(t)
  const before = processesOf(collector)
  t.equal(before.workers.length, 2)
  const stop = new AbortController()
  const scraping = scrapes(collector, stop.signal)
  await pause(3 * SCRAPE_PAUSE_MS)
  const [victim] = before.workers
  process.kill(victim, 'SIGKILL')
  const killedAt = performance.now()
  const back = await eventually(async () => {
    const now = processesOf(collector)
    const checks = await fetch(`http://127.0.0.1:${collector.ports.http}/health/ready`, {
      headers: { connection: 'close' },
    })
    return now.workers.length === 2 && !now.workers.includes(victim) && checks.ok
  }, TAKEOVER_LIMIT_MS)
  t.ok(back, `a new worker is ready after ${Math.round(performance.now() - killedAt)} ms`)
  t.equal(processesOf(collector).primary, before.primary)
  const page = await fetch(`http://127.0.0.1:${collector.ports.http}/metrics`, { headers: { connection: 'close' } })
  t.match(await page.text(), /^process_cpu_seconds_total [\s\S]*^nodejs_heap_size_used_bytes /m, 'of all workers')

  const stored = await spansStored(collector)
  t.ok(await eventually(async () => (await spansStored(collector)) > stored + 100), 'spans are stored again')
  stop.abort()
  const all = await scraping
  for (const name of COUNTERS) {
    const values = all.map((metrics) => metrics.sum(name))
    const falls = values.flatMap((value, i) => (i > 0 && value < values[i - 1] ? [`${values[i - 1]} to ${value}`] : []))
    t.strictSame(falls, [], `${name} never falls in ${values.length} scrapes`)
  }

  await quiet()
  t.ok(await eventually(async () => (await collector.metrics()).inFlight() === 0))
  const metrics = await collector.metrics()
  const died = metrics.sum('dropped_total', { stage: 'worker', reason: 'died' })
  const inFlight = Math.max(...all.map((m) => m.inFlight()))
  t.ok(died <= inFlight + SPANS_PER_SECOND, `${died} died, up to ${inFlight} were seen in flight`)
  t.equal(metrics.imbalance(), 0, 'the account balances')
  t.match(
    collector.log.filter((line) => line.level === 'error'),
    [{ msg: /a worker process was killed and is started again/ }],
  )
  t.same(await collector.stop(), { code: 0, signal: null })
})

t.test('kill -9 of the primary: the workers write what they have, and end', async (t) => {
  const { collector, agent, dataDir, quiet } = await loaded(t)
  const { primary, workers } = processesOf(collector)
  t.equal(workers.length, 2)
  process.kill(primary, 'SIGKILL')
  t.same(await collector.exited, { code: null, signal: 'SIGKILL' })
  t.ok(await eventually(() => collector.usage().length === 0), 'no process is left')
  await quiet()
  t.ok(agent.acknowledged.length > 50)
  t.strictSame(await missing(dataDir, agent), [], 'all that was acknowledged is stored')
})

t.test('a stop that is asked for twice at once is one stop', async (t) => {
  const { collector, agent, dataDir, quiet } = await loaded(t)
  const { primary } = processesOf(collector)
  process.kill(primary, 'SIGTERM')
  // of two SIGTERM at once it might see one
  process.kill(primary, 'SIGINT')
  t.same(await collector.exited, { code: 0, signal: null })
  t.strictSame(processesOf(collector).workers, [])
  await quiet()
  t.same(
    collector.log.filter((line) => line.level !== 'info' && line.level !== 'warn'),
    [],
  )
  t.ok(collector.log.some((line) => line.msg === 'stopped'))
  t.strictSame(await missing(dataDir, agent), [])
})

t.test('a stop from the terminal, which tells every process, is in order', async (t) => {
  const { collector, agent, dataDir, quiet } = await loaded(t)
  const { primary } = processesOf(collector)
  process.kill(-primary, 'SIGINT')
  t.same(await collector.exited, { code: 0, signal: null })
  await quiet()
  t.strictSame(await missing(dataDir, agent), [])
})

t.test('a port in use: exit code 1, and a message that names the setting', async (t) => {
  const tcp = createServer().listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  const udp = createSocket('udp4').bind(0, '127.0.0.1')
  await once(udp, 'listening')
  t.teardown(() => {
    tcp.close()
    udp.close()
  })
  const taken = { tcp: (tcp.address() as AddressInfo).port, udp: udp.address().port }
  for (const [name, port, workers] of [
    ['tcp', taken.tcp, 2],
    ['stat', taken.udp, 1],
    ['span', taken.udp, 2],
    ['http', taken.tcp, 2],
  ] as const) {
    const ports = { tcp: 0, stat: 0, span: 0, http: 0, [name]: port }
    const options = Object.entries(ports).flatMap(([of, n]) => [`--${of}-port`, String(n)])
    const fixed = ['--data-dir', temporaryDirectory(), '--workers', String(workers), '--host', '127.0.0.1']
    const { code, complaint } = await ended('start', ...fixed, ...options)
    t.equal(code, 1, `${name}, ${workers} worker(s)`)
    t.match(
      complaint,
      new RegExp(`^pinpoint-collector: cannot listen on .* 127\\.0\\.0\\.1:${port}: .* set ${name}\\.port`, 'm'),
    )
  }
})

t.test('what cannot be done is told, with exit code 2', async (t) => {
  const dataDir = join(temporaryDirectory(), 'nothing')
  t.match(await ended('dump', '--data-dir', dataDir), { code: 2, complaint: `there is no store at ${dataDir}` })
  t.match(await ended('strat'), { code: 2, complaint: 'there is no command strat; there are start' })
})
