import t from 'tap'
import { cluster, count, counter } from '../../builders/hbase-cluster.js'

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
