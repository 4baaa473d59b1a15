// How long do queries take on an embedded store with 1 million spans of 50 applications in an hour, does the process that
// answers them keep its memory, and what do receivers notice?
//
//   node dist/bench/cases/read-api.bench.js fill DIR         writes the store (some minutes)
//   node dist/bench/cases/read-api.bench.js measure DIR      the web command on it: times of single queries, memory
//   node dist/bench/cases/read-api.bench.js live DIR         a collector on it that receives RATE (2000) datagrams/s of
//                                                            50 agents, SECONDS (20) without and with queries
//   SPANS (1000000)  APPLICATIONS (50)
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Collector, run } from '../../test/builders/collector.js'
import { usageOfGroup } from '../../test/builders/collector-usage.js'
import { Generators } from '../agent/generators.js'
import { ourTarget } from '../collector/target.js'
import { fillHour } from '../query/fill.js'
import { quantile } from '../query/quantile.js'
import { machine, machineLine } from '../report/machine.js'

const SPANS = Number(process.env.SPANS ?? 1_000_000)
const APPLICATIONS = Number(process.env.APPLICATIONS ?? 50)
const RATE = Number(process.env.RATE ?? 2_000)
const SECONDS = Number(process.env.SECONDS ?? 20)
const HOUR = 3_600_000
const WARM_UP = 3
const TIMES = 25
/** of one kind of query */
const MOST_MS = 10_000
const ROUND = 6

const [what, dataDir] = process.argv.slice(2)
if (dataDir === undefined || !['fill', 'measure', 'live'].includes(what))
  throw new Error('give fill, measure or live, and a directory')
const endFile = join(dataDir, 'bench-end')

interface Scatter {
  scatter: { metadata: Record<string, [string, string, number]>; dotList: number[][] }
}

/** A query by its number: each asks for another application. */
type Question = (n: number) => string

const name = (n: number): string => `BENCH-${String(n % APPLICATIONS).padStart(4, '0')}`

function questions(end: number, transactions: readonly string[]): Record<string, Question> {
  const hour = `from=${end - HOUR}&to=${end}`
  const map = `getServerMapData.pinpoint?serviceTypeName=TOMCAT&${hour}`
  const scatter = `getScatterData.pinpoint?${hour}&xGroupUnit=3600&yGroupUnit=50`
  return {
    'server map of all applications, an hour': () => `${map}&applicationName=${name(0)}`,
    'server map around one application, an hour': (n) =>
      `${map}&applicationName=${name(n)}&callerRange=1&calleeRange=1`,
    'first 1,000 points of an hour': (n) => `${scatter}&application=${name(n)}&limit=1000`,
    'first 5,000 points of an hour': (n) => `${scatter}&application=${name(n)}&limit=5000`,
    'one transaction': (n) => `transactionInfo.pinpoint?${transactions[n % transactions.length]}`,
    'agents of one application': (n) => `getAgentList.pinpoint?application=${name(n)}&${hour}`,
    'filtered map of 500 transactions': (n) =>
      `getFilteredServerMapData.pinpoint?serviceTypeName=TOMCAT&${hour}&originTo=${end}&limit=500&applicationName=${name(n)}`,
  }
}

async function ask(origin: string, path: string): Promise<{ ms: number; text: string }> {
  const began = performance.now()
  const response = await fetch(`${origin}/${path}`)
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 200)}`)
  return { ms: performance.now() - began, text }
}

async function someTransactions(origin: string, end: number): Promise<string[]> {
  const path = `getScatterData.pinpoint?from=${end - HOUR}&to=${end}&xGroupUnit=1&yGroupUnit=1&limit=500&application=${name(1)}`
  const { metadata, dotList } = (JSON.parse((await ask(origin, path)).text) as Scatter).scatter
  return dotList.map(([x, , agent, sequence]) => {
    const [, agentId, start] = metadata[agent]
    return `traceId=${encodeURIComponent(`${agentId}^${start}^${sequence}`)}&focusTimestamp=${x + end - HOUR}`
  })
}

async function measure(): Promise<void> {
  const end = Number(readFileSync(endFile, 'utf8'))
  const child = run(['web', '--data-dir', dataDir, '--http-port', '0'], true)
  process.on('exit', () => child.kill('SIGKILL'))
  child.stderr.resume()
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const origin = `http://127.0.0.1:${/http=(\d+)/.exec(line)?.[1]}`
  const memory = (): string => {
    const [{ rssBytes, anonymousBytes }] = usageOfGroup(child.pid!)
    return `${(rssBytes / 2 ** 20).toFixed(0)} MiB, ${(anonymousBytes / 2 ** 20).toFixed(0)} of them not pages of files`
  }
  console.log(`${machineLine(machine())}\n${SPANS} spans of ${APPLICATIONS} applications; memory at first ${memory()}`)
  console.log('query                                            first ms  median ms    p95 ms      KiB')
  const all = questions(end, await someTransactions(origin, end))
  for (const [title, question] of Object.entries(all)) {
    const first = await ask(origin, question(0))
    for (let n = 0; n < WARM_UP; n++) await ask(origin, question(n))
    const times: number[] = []
    const began = performance.now()
    for (let n = 0; n < TIMES && performance.now() - began < MOST_MS; n++)
      times.push((await ask(origin, question(n))).ms)
    const figures = [first.ms, quantile(times, 0.5), quantile(times, 0.95)].map((ms) => ms.toFixed(1).padStart(9))
    console.log(`${title.padEnd(46)}${figures.join('  ')} ${(first.text.length / 1024).toFixed(0).padStart(8)}`)
  }
  for (let roundOf = 0; roundOf < 4; roundOf++) {
    console.log(`memory ${memory()}`)
    for (let n = 0; n < ROUND; n++) for (const question of Object.values(all)) await ask(origin, question(n))
  }
  console.log(`memory ${memory()}, after ${4 * ROUND} more of each`)
  child.kill()
}

async function live(): Promise<void> {
  const end = Number(readFileSync(endFile, 'utf8'))
  const collector = await Collector.start({ workers: 2, dataDir })
  const target = ourTarget(collector)
  const generators = await Generators.connect(collector.ports, { processes: 1, agents: 50, events: null, cpus: null })
  const origin = `http://127.0.0.1:${collector.ports.http}`
  const all = Object.values(questions(end, await someTransactions(origin, end)))
  for (const asking of [false, true]) {
    const [before, cpuBefore] = [await target.look(), target.usage().cpuSeconds]
    let over = false
    let asked = 0
    const client = async (): Promise<void> => {
      while (asking && !over) await ask(origin, all[asked % all.length](Math.floor(asked++ / all.length)))
    }
    const clients = Promise.all([client(), client()])
    const sent = await generators.send(RATE, SECONDS)
    over = true
    await clients
    const { counts } = await target.look()
    const lost = Object.entries(counts.dropped).map(
      ([place, n]) => [place, n - (before.counts.dropped[place] ?? 0)] as const,
    )
    const dropped = lost.reduce((sum, [, n]) => sum + n, counts.kernelDrops - before.counts.kernelDrops)
    const cpu = target.usage().cpuSeconds - cpuBefore
    console.log(
      `${asking ? `${asked} queries` : 'no query'}: ${sent.span + sent.chunk} datagrams sent in ${(sent.tookMs / 1000).toFixed(1)} s, ${dropped} dropped; CPU of all processes ${cpu.toFixed(1)} s, in flight ${counts.inFlight}`,
    )
  }
  await generators.end()
  await collector.stop()
}

if (what === 'fill') {
  const end = Math.floor(Date.now() / 60_000) * 60_000
  await fillHour(dataDir, SPANS, APPLICATIONS, end)
  writeFileSync(endFile, String(end))
} else if (what === 'measure') await measure()
else await live()
