import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import type { Overload } from '../../bench/cases/overload.js'
import type { CaseResult } from '../../bench/cases/result.js'
import { temporaryDirectory } from '../builders/collector.js'

const BENCH = fileURLToPath(new URL('../../bench/bench.js', import.meta.url))
const LIMIT_MS = 60_000

async function bench<T>(...args: string[]): Promise<{ text: string; json: T; svg: string }> {
  const directory = temporaryDirectory()
  const [json, svg] = [join(directory, 'bench.json'), join(directory, 'bench.svg')]
  const { NODE_OPTIONS: _, ...env } = process.env
  const size = ['--agents', '5', '--seconds', '1', '--rate', '500', '--warm-up', '0']
  const command = [BENCH, ...args, ...size, '--json', json, '--svg', svg]
  const { stdout } = await promisify(execFile)(process.execPath, command, { env, timeout: LIMIT_MS })
  return { text: stdout, json: JSON.parse(readFileSync(json, 'utf8')) as T, svg: readFileSync(svg, 'utf8') }
}

interface Cases {
  results: CaseResult[]
}

// a busy machine may lose some datagrams in the kernel: what is asked is that the account is whole

t.test('a short bench of the whole flow accounts for every datagram, and finds what was stored', async (t) => {
  const { text, json, svg } = await bench<Cases>('embedded')
  const [{ round, stages, stored }] = json.results
  t.ok(round!.datagrams > 250, `${round!.datagrams} datagrams sent`)
  t.equal(round!.loss.unaccounted, 0)
  t.ok(round!.cpuUsADatagram > 0 && round!.rssBytes > 0)
  t.ok(round!.p50Ms! > 0 && round!.p99Ms! >= round!.p50Ms!)
  t.ok(stages!.decode + stages!.rows > 0, 'CPU is split by stage')
  t.ok(stored!.tracesSent > 0)
  t.ok(stored!.tracesStored > 0.9 * stored!.tracesSent, `${stored!.tracesStored} of ${stored!.tracesSent} traces`)
  t.match(text, /case +datagrams\/s/)
  t.match(svg, /^<svg/)
})

t.test('ten times the rate, and back', async (t) => {
  const { json, text, svg } = await bench<Overload>('overload', '--store', 'null')
  for (const phase of ['before', 'over', 'after'] as const) t.equal(json[phase].loss.unaccounted, 0, phase)
  t.ok(json.over.datagrams > 4 * json.before.datagrams, `${json.over.datagrams} and ${json.before.datagrams} datagrams`)
  t.match(text, /10 times/)
  t.match(svg, /^<svg/)
})

t.test('a stage alone', async (t) => {
  const { json } = await bench<Cases>('rows')
  t.ok(json.results[0].datagramRate > 1_000, `${Math.round(json.results[0].datagramRate)} datagrams/s`)
})
