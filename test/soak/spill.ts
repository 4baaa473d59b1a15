// Is anything lost while HBase stands still, and the collector is killed meanwhile? Needs an HBase with its tables, and
// the pid of its JVM: SPILL_HBASE=host:port SPILL_PID=123. What is missing may at most be what came in the last batch
// interval before the kill.
import { randomInt } from 'node:crypto'
import { table } from '../../src/row/tables.js'
import { HbaseStore } from '../../src/store/hbase/hbase-store.js'
import { Collector, eventually, temporaryDirectory } from '../builders/collector.js'
import { readSession } from '../builders/load-session.js'
import { TraceStream } from '../builders/load-traces.js'
import { pause, UdpSender } from '../builders/load-udp.js'
import { conclude, mebibytes, sizes } from './report.js'

const { rate, before, away, after, workers, interval } = sizes('spill: HBase stands still, the collector is killed', {
  rate: [500, 'spans a second; chunks come on top, as recorded'],
  before: [10, 'seconds before HBase is stopped'],
  away: [60, 'seconds that it is'],
  after: [10, 'seconds after it goes on'],
  workers: [2, 'worker processes'],
  interval: [300, 'ms before the kill of which spans may be missing: batch interval and the way there'],
})
const quorum = process.env.SPILL_HBASE ?? ''
const pid = Number(process.env.SPILL_PID)

const dataDir = temporaryDirectory()
const store = new HbaseStore({ quorum, writeTimeoutMs: 60_000 })

/** Spans in Traces: each is one cell of family S. */
async function spansStored(): Promise<number> {
  let n = 0
  for await (const row of store.scan(table('Traces'), { families: ['S'] })) n += row.cells.length
  return n
}

/** The sum of all counters of a table. */
async function sumOf(name: string): Promise<number> {
  let sum = 0
  for await (const row of store.scan(table(name)))
    for (const cell of row.cells) sum += Number(cell.value.readBigInt64BE())
  return sum
}

const start = (): Promise<Collector> =>
  Collector.start({ workers, dataDir, set: ['store=hbase', `hbase.quorum=${quorum}`, `spill.dir=${dataDir}/s`] })

const [spansBefore, selfBefore] = [await spansStored(), await sumOf('ApplicationMapStatisticsSelf_Ver2')]
const stream = new TraceStream([readSession('1.5.2'), readSession('1.8.5')])
/** When each datagram went out. */
const sentAt: number[] = []

async function send(collector: Collector, seconds: number): Promise<void> {
  const sender = new UdpSender(collector.ports.span)
  const end = performance.now() + seconds * 1000
  await sender.atRate(rate * stream.datagramsASpan, () => {
    if (performance.now() >= end) return undefined
    sentAt.push(performance.now())
    return stream.take()
  })
  sender.close()
}

let collector = await start()
await send(collector, before)
process.kill(pid, 'SIGSTOP')
const killAfter = away / 2 + randomInt(1000) / 1000
let peak = 0
const watch = setInterval(() => {
  peak = Math.max(peak, ...collector.usage().map((u) => u.rssBytes))
}, 500)
try {
  await send(collector, killAfter)
} finally {
  clearInterval(watch)
}
const first = await collector.metrics()
const killedAt = performance.now()
await collector.kill()
const spansFirst = stream.spans
const lastInterval = sentAt.filter((at) => at > killedAt - interval).length
collector = await start()
await send(collector, away - killAfter)
const during = await collector.metrics()
process.kill(pid, 'SIGCONT')
const contAt = performance.now()
await send(collector, after)
const drained = await eventually(async () => {
  const m = await collector.metrics()
  return m.inFlight() === 0 && m.sum('spill_bytes') === 0
}, 120_000)
const drainedMs = performance.now() - contAt
await pause(2_500)
const last = await collector.metrics()
const exit = await collector.stop()
const inTraces = (await spansStored()) - spansBefore
const self = (await sumOf('ApplicationMapStatisticsSelf_Ver2')) - selfBefore
await store.close()

conclude([
  {
    what: 'sent',
    found: `${stream.spans} spans, ${stream.chunks} chunks; ${spansFirst} spans before the kill`,
    ok: true,
  },
  { what: 'spilled at the kill', found: mebibytes(first.sum('spill_bytes')), ok: first.sum('spill_bytes') > 0 },
  { what: 'spilled before HBase went on', found: mebibytes(during.sum('spill_bytes')), ok: true },
  { what: 'recovered', found: `${last.sum('messages_recovered_total')} messages`, ok: true },
  {
    what: 'written within',
    found: `${Math.round(drainedMs)} ms of SIGCONT, ${after} s of it still sending`,
    ok: drained,
  },
  {
    what: 'in Traces',
    found: `${inTraces} of ${stream.spans} spans; ${lastInterval} datagrams sent in the last ${interval} ms before the kill`,
    ok: inTraces <= stream.spans && inTraces >= stream.spans - lastInterval,
  },
  {
    what: 'sum of Self',
    found: `${self} for ${stream.spans} spans`,
    ok: self <= stream.spans && self >= stream.spans - lastInterval,
  },
  { what: 'dropped', found: JSON.stringify(last.drops()), ok: Object.keys(last.drops()).length === 0 },
  { what: 'account', found: `${last.imbalance()} unaccounted`, ok: last.imbalance() === 0 },
  { what: 'RSS, largest process', found: mebibytes(peak), ok: peak < 300 * 1024 * 1024 },
  { what: 'exit', found: String(exit.code), ok: exit.code === 0 },
])
