import t from 'tap'
import { Collector, dumpLines, eventually, temporaryDirectory } from '../builders/collector.js'
import { readSession } from '../builders/load-session.js'
import { Siege } from '../builders/load-siege.js'
import { random } from '../builders/thrift-random.js'

const PACKETS = 20_000
const SEED = 1_518
const LOITERERS = 20
const MAX_GROWTH_BYTES = 100 * 1024 * 1024
const SETTINGS = ['tcp.frameTimeoutMs=1000', 'requestAckTimeoutMs=60000']

t.setTimeout(110_000)

t.test('damaged packets on every port harm nobody, and every one is counted', async (t) => {
  const dataDir = temporaryDirectory()
  const collector = await Collector.start({ workers: 1, dataDir, set: SETTINGS })
  t.teardown(() => collector.kill())
  const siege = new Siege(collector, [readSession('1.5.2'), readSession('1.8.5')], random(SEED))
  await siege.begin(LOITERERS)

  const first = await siege.udp('span', PACKETS / 2)
  const assaults = [
    first,
    await siege.udp('span', PACKETS / 2),
    await siege.udp('stat', PACKETS),
    await siege.requests(PACKETS / 2),
    await siege.streams(PACKETS / 2),
  ]
  for (const { name, sent, received, kernel, dropped, unaccounted } of assaults) {
    t.equal(unaccounted, 0, `${name}: received = decoded + dropped + network checks`)
    if (name !== 'tcp streams') t.ok(received + kernel >= sent, `${name}: ${received} received of ${sent}`)
    t.ok(dropped > 0, `${name}: ${dropped} dropped with a reason`)
  }
  const growth = assaults[assaults.length - 1].anonymousBytes - first.anonymousBytes
  t.ok(
    growth < MAX_GROWTH_BYTES,
    `memory grew by ${Math.round(growth / 1024 / 1024)} MiB after the first ${first.sent}`,
  )

  t.ok(await eventually(() => siege.loiterers.closed === 2 * LOITERERS), 'who loiters is shown out')
  siege.loiterers.stop()
  t.ok(
    await eventually(async () => (await collector.metrics()).sum('tcp_connections') === 1),
    'only the steady agent is still connected',
  )
  const metrics = await collector.metrics()
  t.ok(metrics.drops()['receive/slow_peer'] >= LOITERERS, 'unfinished packets are counted')
  t.equal(metrics.imbalance(), 0, 'the account balances')

  const { agent } = siege
  t.ok(agent.connected, 'the steady agent was never cut off')
  t.ok(agent.acknowledged.length > 100, `it had ${agent.acknowledged.length} answers`)
  t.equal(agent.requests - agent.acknowledged.length, 0, 'every request of it succeeded')
  await agent.close()
  t.same(await collector.stop(), { code: 0, signal: null })
  t.same(
    collector.log.filter((line) => line.level === 'error' || line.level === 'fatal' || line.level === 'none'),
    [],
  )

  let spans = 0
  const metadata = new Set<string>()
  for await (const line of dumpLines(dataDir, 'StringMetaData', 'Traces')) {
    if (line.startsWith('StringMetaData')) metadata.add(line.split(' ', 2)[1])
    else if (agent.isSpanCell(line)) spans++
  }
  t.same(agent.missingMetadata(metadata), [])
  t.equal(spans, agent.spans - lost(assaults), 'every span of it is stored')
})

/** What the kernel dropped may be the steady agent's. */
function lost(assaults: readonly { kernel: number }[]): number {
  return assaults.reduce((sum, { kernel }) => sum + kernel, 0)
}
