// Does the collector take the rate that it is meant for? Recorded spans, each with the chunks that belong to it, at a
// steady rate for a while; nothing may be dropped, in the kernel either, and memory must stay small.
import { Collector, eventually, temporaryDirectory } from '../builders/collector.js'
import { total } from '../builders/collector-usage.js'
import { readSession } from '../builders/load-session.js'
import { TraceStream } from '../builders/load-traces.js'
import { UdpSender } from '../builders/load-udp.js'
import { conclude, mebibytes, progress, sizes } from './report.js'

const MIB = 1024 * 1024
const { spans, seconds, workers, rss, ready } = sizes('rate: recorded spans at a steady rate', {
  spans: [2_000, 'spans a second; chunks come on top, as recorded'],
  seconds: [60, 'how long'],
  workers: [2, 'worker processes'],
  rss: [300, 'most MiB of all processes together'],
  ready: [2, 'most seconds from start to READY'],
})

const collector = await Collector.start({ workers, dataDir: temporaryDirectory() })
const stream = new TraceStream([readSession('1.5.2'), readSession('1.8.5')])
const sender = new UdpSender(collector.ports.span)
const wanted = Math.round(spans * seconds * stream.datagramsASpan)
const cpuBefore = total(collector.usage(), 'cpuSeconds')

let peak = 0
let peakAnonymous = 0
let peakShares = 0
let peakOfOne = 0
function look(): void {
  const usage = collector.usage()
  peak = Math.max(peak, total(usage, 'rssBytes'))
  peakAnonymous = Math.max(peakAnonymous, total(usage, 'anonymousBytes'))
  peakShares = Math.max(peakShares, total(usage, 'shareBytes'))
  peakOfOne = Math.max(peakOfOne, ...usage.map((u) => u.rssBytes))
}
const watch = setInterval(look, 500)
const stop = progress(async () => {
  const m = await collector.metrics()
  return `${stream.spans} spans, ${stream.chunks} chunks sent; ${m.datagrams()} received, kernel drops ${m.kernelDrops()}, RSS ${mebibytes(peak)}`
})

const began = performance.now()
await sender.atRate(spans * stream.datagramsASpan, () => (sender.sent < wanted ? stream.take() : undefined))
const took = (performance.now() - began) / 1000
await eventually(async () => {
  const m = await collector.metrics()
  return m.datagrams() + m.kernelDrops() >= sender.sent && m.inFlight() === 0
})
stop()
clearInterval(watch)
look()
const cpu = total(collector.usage(), 'cpuSeconds') - cpuBefore
const metrics = await collector.metrics()
const stored = metrics.sum('messages_stored_total')
sender.close()
const exit = await collector.stop()

conclude([
  { what: 'ready', found: `${(collector.readyMs / 1000).toFixed(2)} s`, ok: collector.readyMs < ready * 1000 },
  {
    what: 'rate',
    found: `${Math.round(stream.spans / took)} spans/s, ${Math.round(sender.sent / took)} datagrams/s`,
    ok: stream.spans / took > spans * 0.98,
  },
  { what: 'stored', found: `${stored} of ${sender.sent} messages`, ok: stored === sender.sent },
  { what: 'dropped', found: JSON.stringify(metrics.drops()), ok: Object.keys(metrics.drops()).length === 0 },
  { what: 'account', found: `${metrics.imbalance()} unaccounted`, ok: metrics.imbalance() === 0 },
  {
    what: 'RSS, all processes',
    found: `${mebibytes(peak)} (shared pages once: ${mebibytes(peakShares)}; without pages of files: ${mebibytes(peakAnonymous)})`,
    ok: peak < rss * MIB,
  },
  { what: 'RSS, largest process', found: mebibytes(peakOfOne), ok: peakOfOne < rss * MIB },
  { what: 'CPU', found: `${cpu.toFixed(1)} s, ${((cpu / sender.sent) * 1e6).toFixed(0)} us a datagram`, ok: true },
  { what: 'store', found: mebibytes(metrics.sum('store_size_bytes')), ok: true },
  { what: 'exit', found: String(exit.code), ok: exit.code === 0 },
])
