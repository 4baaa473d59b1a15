import t, { type Test } from 'tap'
import type { IncrementRow } from '../../../src/aggregate/increment-batch.js'
import { table } from '../../../src/row/tables.js'
import { HbaseStore } from '../../../src/store/hbase/hbase-store.js'
import type { HbaseStoreSettings } from '../../../src/store/hbase/settings.js'
import { FakeHbase } from '../../builders/fake-hbase.js'
import { batchOf, type TestRow } from '../../builders/store-rows.js'

const FAST = { retryInitialMs: 1, retryMaxMs: 4, writeTimeoutMs: 20_000, callTimeoutMs: 10_000, stallMs: 120 }
const SELF = table('ApplicationMapStatisticsSelf_Ver2')
const TIME = 1_700_000_000_123

async function cluster(
  t: Test,
  servers = 1,
  settings: Partial<HbaseStoreSettings> = {},
): Promise<[FakeHbase, HbaseStore]> {
  const hbase = await new FakeHbase(servers).start()
  hbase.addTable('Traces', 'g', 'p')
  hbase.addTable('AgentInfo')
  hbase.addTable(SELF.name, 'm')
  const store = new HbaseStore({ quorum: hbase.quorum, ...FAST, ...settings })
  t.teardown(async () => {
    await store.close()
    await hbase.stop()
  })
  return [hbase, store]
}

const trace = (key: string, value = 'v'): TestRow => ({ table: 'Traces', key, cells: [[0, 'q', value]] })
const KEYS = ['a', 'b', 'g', 'h', 'p', 'z']
const count = (key: string, delta: number): IncrementRow => ({
  table: SELF.id,
  key: Buffer.from(key),
  columns: [{ qualifier: Buffer.from('q'), delta }],
  time: 0,
})
const counter = (hbase: FakeHbase, key: string): string | bigint | undefined =>
  hbase.cells.get(`${SELF.name} ${key} C:q`)

function allStored(t: Test, hbase: FakeHbase): void {
  for (const key of KEYS) {
    t.equal(hbase.cells.get(`Traces ${key} S:q`), '76', key)
    t.equal(hbase.timestamps.get(`Traces ${key} S:q`), TIME, `${key}: the accept time`)
  }
}

t.test('rows go to their regions on all servers, each row once', async (t) => {
  const [hbase, store] = await cluster(t, 2)
  t.strictSame(
    await store.put(
      batchOf(
        KEYS.map((k) => trace(k)),
        TIME,
      ),
    ),
    [],
  )
  allStored(t, hbase)
  t.equal(hbase.actions.length, KEYS.length)
  t.strictSame([...new Set(hbase.actions.map((a) => a.server))].sort(), [0, 1])
  t.match(hbase.servers[0].connectionHeaders[0], { serviceName: 'ClientService' })
})

t.test('only what failed is written again', async (t) => {
  const retried: string[] = []
  const metrics = { called: () => {}, written: () => {}, retried: (_t: number, reason: string) => retried.push(reason) }
  const [hbase, store] = await cluster(t, 1, { metrics })
  let failures = 2
  hbase.onAction = ({ row }) => (row === 'h' && failures-- > 0 ? 'RegionTooBusyException' : undefined)
  t.strictSame(
    await store.put(
      batchOf(
        KEYS.map((k) => trace(k)),
        TIME,
      ),
    ),
    [],
  )
  allStored(t, hbase)
  t.equal(hbase.actions.length, KEYS.length + 2)
  t.strictSame(retried, ['region_too_busy', 'region_too_busy'])
})

t.test('a region that moved is found on its new server', async (t) => {
  const [hbase, store] = await cluster(t, 2)
  await store.put(batchOf([trace('a')], TIME))
  for (const region of hbase.regions) region.server = 1 - region.server
  t.strictSame(
    await store.put(
      batchOf(
        KEYS.map((k) => trace(k)),
        TIME,
      ),
    ),
    [],
  )
  allStored(t, hbase)
})

t.test('a region that was split is found in its daughters', async (t) => {
  const [hbase, store] = await cluster(t, 2)
  await store.put(batchOf([trace('a')], TIME))
  const at = hbase.regions.findIndex((r) => r.table === 'Traces' && r.start === 'g')
  const parent = hbase.regions[at]
  hbase.regions.splice(
    at,
    1,
    { ...parent, end: 'h', id: 2 },
    { ...parent, start: 'h', id: 2, server: 1 - parent.server },
  )
  t.strictSame(
    await store.put(
      batchOf(
        KEYS.map((k) => trace(k)),
        TIME,
      ),
    ),
    [],
  )
  allStored(t, hbase)
})

t.test('a table or family that does not exist is a refusal of its rows, the others are stored', async (t) => {
  const [hbase, store] = await cluster(t)
  hbase.onAction = ({ row }) => (row === 'b' ? 'regionserver.NoSuchColumnFamilyException' : undefined)
  const rows = [...KEYS.map((k) => trace(k)), { ...trace('x'), table: 'AgentEvent' }]
  const refusals = await store.put(batchOf(rows, TIME))
  t.match(refusals, [
    { row: 6, reason: 'no_such_table' },
    { row: 1, reason: 'no_such_family' },
  ])
  t.equal(hbase.cells.get('Traces a S:q'), '76')
  t.equal(hbase.cells.has('Traces b S:q'), false)
})

t.test('one bad row does not take its neighbours with it', async (t) => {
  const [hbase, store] = await cluster(t)
  let sick = true
  hbase.onAction = ({ row }) => {
    if (row === 'b') return 'DoNotRetryIOException'
    if (row === 'z' || !sick) return undefined
    return 'DoNotRetryIOException'
  }
  const put = store.put(
    batchOf(
      KEYS.map((k) => trace(k)),
      TIME,
    ),
  )
  const answer = hbase.onAnswer
  hbase.onAnswer = (call, server, a) => {
    sick = false
    return answer(call, server, a)
  }
  t.match(await put, [{ row: 1, reason: 'rejected' }])
  for (const key of KEYS.filter((k) => k !== 'b')) t.ok(hbase.cells.has(`Traces ${key} S:q`), key)
})

t.test('a value that is too large and a key that is too long never leave the process', async (t) => {
  const [hbase, store] = await cluster(t, 1, { maxValueBytes: 100 })
  const refusals = await store.put(batchOf([trace('a', 'x'.repeat(101)), trace('b'.repeat(32768)), trace('c')]))
  t.match(refusals, [
    { row: 0, reason: 'too_large' },
    { row: 1, reason: 'bad_row_key' },
  ])
  t.equal(hbase.actions.length, 1)
})

t.test('a connection cut before the answer fails all calls at once, and rows are written again', async (t) => {
  const [hbase, store] = await cluster(t, 2)
  let cuts = 3
  hbase.onAnswer = (_call, _server, answer) => (cuts-- > 0 ? { cut: true } : answer)
  t.strictSame(
    await store.put(
      batchOf(
        KEYS.map((k) => trace(k)),
        TIME,
      ),
    ),
    [],
  )
  allStored(t, hbase)
})

t.test('a put that cannot be done in time is given back, retriable', async (t) => {
  const [hbase, store] = await cluster(t, 1, { writeTimeoutMs: 60 })
  hbase.onAction = ({ row }) => (row === 'h' ? 'RegionTooBusyException' : undefined)
  await t.rejects(store.put(batchOf(KEYS.map((k) => trace(k)))), { code: 'STORE_REGION_TOO_BUSY', retriable: true })
})

t.test(
  'a server that has lost its session is not waited for, although its regions are not elsewhere yet',
  async (t) => {
    const [hbase, store] = await cluster(t, 2)
    await store.put(batchOf(KEYS.map((k) => trace(k))))
    let calls = 0
    hbase.onCall = (call, server) => {
      if (server === 0 || call.method !== 'Multi') return undefined
      calls++
      hbase.endSession(1)
      setTimeout(() => {
        for (const region of hbase.regions) region.server = 0
      }, 300)
      return { silent: true }
    }
    t.strictSame(
      await store.put(
        batchOf(
          KEYS.map((k) => trace(k)),
          TIME,
        ),
      ),
      [],
    )
    allStored(t, hbase)
    t.equal(calls, 1, 'it was not asked again')
  },
)

t.test('what a server says after a long silence is not believed when it has lost its session', async (t) => {
  const [hbase, store] = await cluster(t, 2, { stallMs: 50 })
  const asked: string[] = []
  hbase.onCall = async (call, server) => {
    if (server === 0 || call.method !== 'Multi') return undefined
    asked.push(call.method)
    // awake again just before it is looked at
    await new Promise((resolve) => setTimeout(resolve, 90))
    hbase.endSession(1)
    for (const region of hbase.regions) region.server = 0
    return { param: Buffer.from('0a00', 'hex') }
  }
  t.strictSame(await store.increment([count('a', 5), count('x', 7)]), [])
  t.equal(counter(hbase, 'a'), 5n)
  t.equal(counter(hbase, 'x'), 7n)
  t.equal(asked.length, 1)
})

t.test('a call queue that is full makes the calls smaller', async (t) => {
  const [hbase, store] = await cluster(t)
  let busy = 5
  hbase.onCall = ({ method }) => {
    if (method !== 'Multi' || busy-- <= 0) return undefined
    const name = 'org.apache.hadoop.hbase.CallQueueTooBigException'
    return { exception: { exceptionClassName: name, stackTrace: `${name}: full` } }
  }
  t.strictSame(
    await store.put(
      batchOf(
        KEYS.map((k) => trace(k)),
        TIME,
      ),
    ),
    [],
  )
  allStored(t, hbase)
})

t.test('a region that is on no server for a while only delays', async (t) => {
  const [hbase, store] = await cluster(t)
  const region = hbase.regions.splice(1, 1)[0]
  const put = store.put(
    batchOf(
      KEYS.map((k) => trace(k)),
      TIME,
    ),
  )
  await new Promise((resolve) => setTimeout(resolve, 20))
  hbase.regions.push(region)
  t.strictSame(await put, [])
  allStored(t, hbase)
})

t.test('increments whose answer is lost count once', async (t) => {
  const [hbase, store] = await cluster(t, 2)
  let cuts = 4
  hbase.onAnswer = (_call, _server, answer) => (cuts-- > 0 ? { cut: true } : answer)
  t.strictSame(await store.increment([count('a', 5), count('x', 7)]), [])
  t.strictSame(await store.increment([count('a', 1), count('x', 2 ** 40)]), [])
  t.equal(counter(hbase, 'a'), 6n)
  t.equal(counter(hbase, 'x'), 2n ** 40n + 7n)
})

t.test('increments that reached nobody are given back; none was added', async (t) => {
  const [hbase, store] = await cluster(t, 1, { writeTimeoutMs: 40 })
  hbase.onAction = () => 'RegionTooBusyException'
  await t.rejects(store.increment([count('a', 5)]), { code: 'STORE_REGION_TOO_BUSY', retriable: true })
  t.equal(counter(hbase, 'a'), undefined)
})

t.test('increments of which a part is done, or may be, are never given back', async (t) => {
  const [hbase, store] = await cluster(t, 1, { writeTimeoutMs: 20 })
  let failures = 40
  hbase.onAction = ({ row }) => (row === 'x' && failures-- > 0 ? 'RegionTooBusyException' : undefined)
  t.strictSame(await store.increment([count('a', 5), count('x', 7)]), [])
  t.equal(counter(hbase, 'a'), 5n)
  t.equal(counter(hbase, 'x'), 7n)
})

t.test('an increment of unknown outcome is refused when servers may have forgotten its nonce', async (t) => {
  const [hbase, store] = await cluster(t, 1, { nonceLifeMs: 30 })
  hbase.onAnswer = () => ({ cut: true })
  t.match(await store.increment([count('a', 5)]), [{ row: 0, reason: 'outcome_unknown' }])
  t.equal(counter(hbase, 'a'), 5n, 'it was added once, as it happens')
})

t.test('an increment that HBase 1.2 says it did before is done', async (t) => {
  const [hbase, store] = await cluster(t)
  hbase.onAction = () => 'exceptions.OperationConflictException'
  t.strictSame(await store.increment([count('a', 5)]), [])
})

t.test('close() gives a put in flight back', async (t) => {
  const [hbase, store] = await cluster(t)
  hbase.onCall = ({ method }) => (method === 'Multi' ? { silent: true } : undefined)
  const put = store.put(batchOf([trace('a')]))
  setTimeout(() => void store.close(), 30)
  await t.rejects(put, { code: 'STORE_CLOSED' })
})

t.test('an answer that cannot be read is no success', async (t) => {
  const [hbase, store] = await cluster(t)
  let bad = 3
  hbase.onAnswer = (_call, _server, answer) => (bad-- > 0 ? { param: Buffer.from('0aff', 'hex') } : answer)
  t.strictSame(
    await store.put(
      batchOf(
        KEYS.map((k) => trace(k)),
        TIME,
      ),
    ),
    [],
  )
  allStored(t, hbase)
})

t.test('an answer that leaves rows out is no success for them', async (t) => {
  const [hbase, store] = await cluster(t)
  let bad = 2
  hbase.onAnswer = (_call, _server, answer) => (bad-- > 0 ? { param: Buffer.alloc(0) } : answer)
  t.strictSame(
    await store.put(
      batchOf(
        KEYS.map((k) => trace(k)),
        TIME,
      ),
    ),
    [],
  )
  t.equal(hbase.actions.length > KEYS.length, true)
})
