import t from 'tap'
import { allStored, cluster, KEYS, TIME, trace } from '../../builders/hbase-cluster.js'
import { batchOf } from '../../builders/store-rows.js'

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
