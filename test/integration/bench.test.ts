import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import type { CaseResult } from '../../bench/cases/result.js'
import { temporaryDirectory } from '../builders/collector.js'

const BENCH = fileURLToPath(new URL('../../bench/bench.js', import.meta.url))
const LIMIT_MS = 60_000

async function bench(...args: string[]): Promise<{ text: string; results: CaseResult[]; svg: string }> {
  const directory = temporaryDirectory()
  const [json, svg] = [join(directory, 'bench.json'), join(directory, 'bench.svg')]
  const { NODE_OPTIONS: _, ...env } = process.env
  const size = ['--agents', '5', '--seconds', '1', '--rate', '500', '--warm-up', '0', '--generators', '1']
  const command = [BENCH, ...args, ...size, '--json', json, '--svg', svg]
  const { stdout } = await promisify(execFile)(process.execPath, command, { env, timeout: LIMIT_MS })
  const { results } = JSON.parse(readFileSync(json, 'utf8')) as { results: CaseResult[] }
  return { text: stdout, results, svg: readFileSync(svg, 'utf8') }
}

t.test('a short bench of the whole flow accounts for every datagram', async (t) => {
  const { text, results, svg } = await bench('null')
  const [{ round, stages }] = results
  t.ok(round!.datagrams > 250, `${round!.datagrams} datagrams sent`)
  t.equal(round!.loss.unaccounted, 0)
  t.ok(round!.cpuUsADatagram > 0 && round!.rssBytes > 0)
  t.ok(round!.p50Ms! > 0 && round!.p99Ms! >= round!.p50Ms!)
  t.ok(stages!.decode + stages!.rows > 0, 'CPU is split by stage')
  t.match(text, /case +datagrams\/s/)
  t.match(svg, /^<svg/)
})

t.test('what was sent is found in the store', async (t) => {
  const { results } = await bench('embedded', '--no-split')
  const [{ round, stored }] = results
  t.equal(round!.loss.unaccounted, 0)
  // a busy machine may lose some in the kernel
  t.ok(stored!.spansSent - stored!.spansStored <= round!.loss.lost)
  t.ok(stored!.tracesSent > 0 && stored!.missing.length <= round!.loss.lost)
})

t.test('a stage alone', async (t) => {
  const { results } = await bench('rows')
  t.ok(results[0].datagramRate > 1_000, `${Math.round(results[0].datagramRate)} datagrams/s`)
})
