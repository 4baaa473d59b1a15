import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RowBatch } from '../../src/row/row-batch.js'
import { salted } from '../../test/unit/store/rows.js'
import { Load } from './embedded-engine-load.js'
import { directoryBytes, TARGETS } from './embedded-engine-targets.js'

// Which engine for the embedded store?
//   BENCH_BATCHES (200) batches of BENCH_ROWS (1000) rows and 10 counters each, as fast as they are acknowledged,
//   each engine in a process of its own; BENCH_ENGINES (the current directory) holds the packages that are no dependency.
//   node dist/bench/cases/embedded-engines.bench.js

const BATCHES = Number(process.env.BENCH_BATCHES ?? 200)
const ROWS = Number(process.env.BENCH_ROWS ?? 1000)
const COUNTERS_A_BATCH = 10
const COUNTER_NAMES = 200

interface Result {
  rows: number
  cpuSeconds: number
  wallSeconds: number
  rawBytes: number
  diskBytes: number
  maxRss: number
  second: string
  giveBackSeconds: number
  bytesLeft: number
}

function rss(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? 0) * 1024
}

function counterKeys(tick: number): Buffer[] {
  return Array.from({ length: COUNTERS_A_BATCH }, (_, i) =>
    salted(
      'ApplicationMapStatisticsSelf_Ver2',
      Buffer.from(`counter-${(tick * COUNTERS_A_BATCH + i) % COUNTER_NAMES}`),
    ),
  )
}

async function measure(engine: string, dir: string): Promise<Result> {
  const target = await TARGETS[engine](dir)
  const load = new Load()
  const batch = new RowBatch()
  const r: Result = {
    rows: 0,
    cpuSeconds: 0,
    wallSeconds: 0,
    rawBytes: 0,
    diskBytes: 0,
    maxRss: 0,
    second: '',
    giveBackSeconds: 0,
    bytesLeft: 0,
  }
  for (let tick = 0; tick < BATCHES; tick++) {
    load.fill(batch, ROWS, tick)
    const cpu = process.cpuUsage()
    const wall = performance.now()
    await Promise.all([target.put(batch), target.count(counterKeys(tick))])
    const used = process.cpuUsage(cpu)
    r.cpuSeconds += (used.user + used.system) / 1e6
    r.wallSeconds += (performance.now() - wall) / 1e3
    r.rows += batch.rowCount
    r.rawBytes += batch.bytes
    r.maxRss = Math.max(r.maxRss, rss())
  }
  r.diskBytes = directoryBytes(dir)
  r.second = await inChild<string>('second', engine, dir)
  const cpu = process.cpuUsage()
  await target.giveBack()
  const used = process.cpuUsage(cpu)
  r.giveBackSeconds = (used.user + used.system) / 1e6
  r.bytesLeft = directoryBytes(dir)
  return r
}

/** Opens and writes while another process has it open. */
async function second(engine: string, dir: string): Promise<string> {
  try {
    const target = await TARGETS[engine](dir)
    const batch = new RowBatch()
    new Load().fill(batch, 1, 0)
    await target.put(batch)
    return 'yes'
  } catch {
    return 'no'
  }
}

async function inChild<T>(what: string, engine: string, dir: string): Promise<T> {
  const child = fork(fileURLToPath(import.meta.url), [what, engine, dir], {
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
  })
  const result = once(child, 'message')
  const exit = once(child, 'exit')
  const [answer] = await Promise.race([result, exit.then(() => [undefined])])
  child.kill('SIGKILL')
  return answer as T
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0)

function line(engine: string, r: Result | undefined): string {
  if (r === undefined) return `| ${engine} | not installed | | | | | | |`
  const perCpu = Math.round(r.rows / r.cpuSeconds / 100) * 100
  const perRow = ((r.cpuSeconds / r.rows) * 1e6).toFixed(1)
  const back = `${r.giveBackSeconds.toFixed(2)} s, ${mb(r.bytesLeft)} MB left`
  return `| ${engine} | ${perCpu} | ${perRow} | ${r.wallSeconds.toFixed(1)} | ${mb(r.diskBytes)} | ${mb(r.maxRss)} | ${r.second} | ${back} |`
}

async function report(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'engines-'))
  console.log(`${BATCHES} batches of ${ROWS} rows; node ${process.version}, ${cpus().length} × ${cpus()[0].model}\n`)
  console.log(
    '| engine | rows/CPU s | CPU µs/row | wall s | disk MB | RSS MB | 2nd process writes | give back all: CPU |',
  )
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
  let raw = 0
  for (const engine of Object.keys(TARGETS)) {
    const dir = join(root, 'data')
    mkdirSync(dir)
    const r = await inChild<Result | undefined>('measure', engine, dir)
    raw = r?.rawBytes ?? raw
    console.log(line(engine, r))
    rmSync(dir, { recursive: true, force: true })
  }
  rmSync(root, { recursive: true })
  console.log(`\nrows are ${mb(raw)} MB without an engine`)
}

const [, , what, engine, dir] = process.argv
if (what === 'measure') process.send?.(await measure(engine, dir))
else if (what === 'second') process.send?.(await second(engine, dir))
else await report()
