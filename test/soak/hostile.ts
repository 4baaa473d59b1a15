// Can bad input hurt? Damaged packets on each port, connections that loiter, and one steady agent that must not notice.
import { Collector, dumpLines, eventually, temporaryDirectory } from '../builders/collector.js'
import { total } from '../builders/collector-usage.js'
import { readSession } from '../builders/load-session.js'
import { type Assault, Siege } from '../builders/load-siege.js'
import { random } from '../builders/thrift-random.js'
import { type Condition, conclude, mebibytes, progress, sizes } from './report.js'

const MIB = 1024 * 1024
const ROUNDS = 4
const { packets, workers, loiterers, growth, seed } = sizes('hostile: damaged packets on each port', {
  packets: [1_000_000, 'damaged packets on each of the three ports'],
  workers: [1, 'worker processes'],
  loiterers: [100, 'slow and half-closed connections, of each kind'],
  growth: [64, 'most MiB that memory may grow after the first quarter of each port'],
  seed: [1, 'of the damage'],
})

const dataDir = temporaryDirectory()
const set = ['tcp.frameTimeoutMs=2000', 'requestAckTimeoutMs=60000']
const collector = await Collector.start({ workers, dataDir, set })
const siege = new Siege(collector, [readSession('1.5.2'), readSession('1.8.5')], random(seed))
await siege.begin(loiterers)
const stop = progress(
  () =>
    `RSS ${mebibytes(total(collector.usage(), 'rssBytes'))}, ${siege.agent.requests} requests and ${siege.agent.spans} spans of the steady agent`,
)

const quarter = Math.ceil(packets / ROUNDS)
const kinds: ((n: number) => Promise<Assault>)[] = [
  (n) => siege.udp('span', n),
  (n) => siege.udp('stat', n),
  (n) => siege.requests(Math.ceil(n * 0.8)),
  (n) => siege.streams(Math.floor(n * 0.2)),
]
const assaults: Assault[][] = []
for (const kind of kinds) {
  const rounds: Assault[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const a = await kind(quarter)
    rounds.push(a)
    console.log(
      `${a.name}: ${a.sent} sent, ${a.received} received, ${a.kernel} kernel drops, ${a.decoded} decoded, ${a.checks} checks, ${a.dropped} dropped, ${a.refused} connections refused, ${a.unaccounted} unaccounted; ${a.seconds.toFixed(0)} s, ${a.cpuSeconds.toFixed(0)} CPU s, RSS ${mebibytes(a.rssBytes)}, ${mebibytes(a.anonymousBytes)} without pages of files`,
    )
  }
  assaults.push(rounds)
}
const shownOut = await eventually(() => siege.loiterers.closed === 2 * loiterers)
siege.loiterers.stop()
const alone = await eventually(async () => (await collector.metrics()).sum('tcp_connections') === 1)
stop()
const metrics = await collector.metrics()
const { agent } = siege
const connected = agent.connected
await agent.close()
const exit = await collector.stop()
const died = collector.log.filter((line) => line.level === 'error' || line.level === 'fatal' || line.level === 'none')

let spans = 0
const metadata = new Set<string>()
for await (const line of dumpLines(dataDir, 'StringMetaData', 'Traces')) {
  if (line.startsWith('StringMetaData')) metadata.add(line.split(' ', 2)[1])
  else if (agent.isSpanCell(line)) spans++
}
const kernel = metrics.kernelDrops()
const missing = agent.missingMetadata(metadata).length

function grown(rounds: readonly Assault[]): Condition {
  const bytes = rounds[ROUNDS - 1].anonymousBytes - rounds[0].anonymousBytes
  return { what: `growth without pages of files, ${rounds[0].name}`, found: mebibytes(bytes), ok: bytes < growth * MIB }
}

const unaccounted = assaults.flat().reduce((sum, a) => sum + Math.abs(a.unaccounted), 0)
conclude([
  { what: 'unaccounted packets', found: String(unaccounted), ok: unaccounted === 0 },
  { what: 'account', found: `${metrics.imbalance()} unaccounted`, ok: metrics.imbalance() === 0 },
  { what: 'drops', found: JSON.stringify(metrics.drops()), ok: true },
  ...assaults.map(grown),
  { what: 'loiterers shown out', found: `${siege.loiterers.closed}`, ok: shownOut && alone },
  { what: 'steady agent connected', found: String(connected), ok: connected },
  {
    what: 'its requests',
    found: `${agent.acknowledged.length} of ${agent.requests} succeeded, ${missing} not stored`,
    ok: agent.acknowledged.length === agent.requests && missing === 0,
  },
  {
    what: 'its spans',
    found: `${spans} of ${agent.spans} stored, ${kernel} kernel drops in all`,
    ok: spans >= agent.spans - kernel,
  },
  { what: 'exit', found: `${exit.code}, ${died.length} errors logged`, ok: exit.code === 0 && died.length === 0 },
])
