import t from 'tap'
import { Collector, dumpLines, eventually, temporaryDirectory } from '../builders/collector.js'
import { differences, type Facts, factsOf, withoutRaced } from '../builders/collector-facts.js'
import { total } from '../builders/collector-usage.js'
import { replay } from '../builders/load.js'
import { readSession } from '../builders/load-session.js'

/** Ready within 2 s on an idle machine; this one may be busy, so it is the CPU time that counts. */
const READY_CPU_SECONDS = 2
/** Cells in these sessions that two messages write */
const MAX_RACED = 4
const PING_PAYLOAD = 211

const SESSIONS = [readSession('1.5.2'), readSession('1.8.5')]
const EXPECTED = await factsOf(SESSIONS.flatMap((session) => session.facts))

for (const workers of [1, 2]) {
  t.test(`${workers} worker(s): the tables hold what the original wrote for recorded agents`, async (t) => {
    const dataDir = temporaryDirectory()
    const collector = await Collector.start({ workers, dataDir })
    t.teardown(() => collector.kill())
    const cpu = total(collector.usage(), 'cpuSeconds') / workers
    t.ok(cpu < READY_CPU_SECONDS, `ready after ${Math.round(collector.readyMs)} ms, ${cpu.toFixed(2)} CPU s a worker`)

    const replayed = []
    for (const session of SESSIONS) replayed.push(await replay(session, collector.ports, { skip: [PING_PAYLOAD] }))
    t.same(
      replayed.map((r) => r.unanswered),
      [0, 0],
      'every packet that wants an answer has one',
    )

    const datagrams = replayed.reduce((sum, r) => sum + r.datagrams, 0)
    const requests = replayed.reduce((sum, r) => sum + r.requests, 0)
    await eventually(async () => {
      const m = await collector.metrics()
      return m.datagrams() + m.kernelDrops() === datagrams && m.inFlight() === 0
    })
    const metrics = await collector.metrics()
    t.equal(metrics.datagrams(), datagrams, 'every datagram was received')
    t.equal(metrics.udpMessages() + metrics.sum('network_checks_total'), datagrams)
    t.equal(metrics.tcpMessages(), requests)
    t.same(metrics.drops(), {})
    t.equal(metrics.imbalance(), 0, 'the account balances')

    t.same(await collector.stop(), { code: 0, signal: null })
    t.same(
      collector.log.filter((line) => line.level === 'error' || line.level === 'fatal'),
      [],
    )

    const dump: string[] = []
    for await (const line of dumpLines(dataDir)) dump.push(line)
    const found = await factsOf(dump)
    const compared = withoutRaced(EXPECTED, found)
    t.same(compared.differences.slice(0, 10), [], 'no fact differs from what the original wrote')
    t.ok(compared.raced <= (workers === 1 ? 0 : MAX_RACED), `${compared.raced} raced cells`)

    t.test('a single wrong byte shows', async (t) => {
      for (const table of ['Traces', 'AgentStat', 'AgentInfo', 'ApiMetaData', 'AgentLifeCycle']) {
        const changed = flipLastByte(EXPECTED, table)
        t.equal(
          differences(changed, found).length,
          2 + 2 * compared.raced,
          `in ${table}: one fact too few, one too many`,
        )
      }
    })
  })
}

/** The facts with one byte of one value of that table changed. */
function flipLastByte(facts: Facts, table: string): Facts {
  const changed = new Map(facts)
  const fact = [...facts.keys()].find((f) => f.startsWith(`${table} `) && !f.endsWith('-'))!
  const last = Number.parseInt(fact.slice(-2), 16) ^ 1
  changed.set(fact.slice(0, -2) + last.toString(16).padStart(2, '0'), facts.get(fact)!)
  changed.delete(fact)
  return changed
}
