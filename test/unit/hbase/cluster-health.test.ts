import t, { type Test } from 'tap'
import { TABLES } from '../../../src/row/tables.js'
import { HbaseStore } from '../../../src/store/hbase/hbase-store.js'
import { descriptorsResponse } from '../../../src/store/hbase/proto.js'
import { tableSchema } from '../../../src/store/hbase/schema.js'
import type { StoreHealth } from '../../../src/store/store.js'
import { FakeHbase } from '../../builders/fake-hbase.js'
import { masterServerNode } from '../../builders/hbase-cells.js'

/** ms, longer than a look at the cluster is good for. */
const LATER = 6_000

/** A cluster with all tables of which the second server is the master; looks into the future at will. */
async function cluster(t: Test): Promise<{ hbase: FakeHbase; health(): Promise<StoreHealth>; masterAway(): void }> {
  const hbase = await new FakeHbase(2).start()
  for (const { name } of TABLES) hbase.addTable(name)
  hbase.zookeeper.nodes.set('/hbase/master', masterServerNode('127.0.0.1', hbase.servers[1].port))
  let master = true
  const answer = descriptorsResponse.encode({ tableSchema: TABLES.map((table) => tableSchema(table, table.ttl)) })
  hbase.onCall = ({ method }) => {
    if (method !== 'GetTableDescriptors') return
    return master ? { param: answer } : { silent: true }
  }
  const store = new HbaseStore({ quorum: hbase.quorum, retryInitialMs: 1, retryMaxMs: 4, writeTimeoutMs: 500 })
  const { now } = performance
  let ahead = 0
  t.intercept(performance, 'now', { value: () => now.call(performance) + ahead })
  t.teardown(async () => {
    await store.close()
    await hbase.stop()
  })
  return {
    hbase,
    health: () => {
      ahead += LATER
      return store.health()
    },
    masterAway: () => {
      master = false
    },
  }
}

t.test('ready while only the master is away, with the age of its last answer', async (t) => {
  const { health, masterAway } = await cluster(t)
  t.match(await health(), { ok: true, tables: [], details: { schema: { masterFailure: null } } })
  masterAway()
  for (let looks = 1; looks <= 2; looks++) {
    const { ok, details } = await health()
    t.equal(ok, true)
    const { ageMs, masterFailure } = details?.schema as { ageMs: number; masterFailure: string }
    t.ok(ageMs >= looks * LATER && ageMs < looks * LATER + 3_000, `${ageMs} ms`)
    t.match(masterFailure, /no answer/)
  }
})

t.test('not ready while no master has ever told of the tables', async (t) => {
  const { health, masterAway } = await cluster(t)
  masterAway()
  t.match(await health(), { ok: false, reason: /start its master/, details: { schema: { ageMs: null } } })
})

t.test('not ready while hbase:meta cannot be read, whatever the master says', async (t) => {
  const { hbase, health } = await cluster(t)
  t.match(await health(), { ok: true })
  await hbase.servers[0].stop()
  t.match(await health(), { ok: false, reason: /^HBase at / })
})

t.test('a table that was dropped is found missing although the master is away', async (t) => {
  const { hbase, health, masterAway } = await cluster(t)
  t.match(await health(), { ok: true })
  masterAway()
  const at = hbase.regions.findIndex((region) => region.table === 'Traces')
  hbase.regions.splice(at, 1)
  t.match(await health(), { ok: false, reason: 'tables missing or without their family: Traces' })
})
