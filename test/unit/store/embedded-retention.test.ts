import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { table } from '../../../src/row/tables.js'
import { all, batchOf, Clock, openStore, type RowSpec, salted, scratchDir, T0, traceKey } from './rows.js'

const HOUR = 3600_000
const DAY = 24 * HOUR

function traces(first: number, count: number, bytes = 2000): RowSpec[] {
  return Array.from({ length: count }, (_, i) => ({
    table: 'Traces',
    key: traceKey('agent', first + i),
    time: T0,
    cells: [{ family: 'A', qualifier: 'q', value: Buffer.alloc(bytes, 'x') }],
  }))
}

/** Bytes that the directory takes on the disk. */
function diskBytes(dir: string): number {
  return Number(execFileSync('du', ['-s', '--block-size=1', dir], { encoding: 'utf8' }).split('\t')[0])
}

t.test('cells older than the TTL of their table are hidden, and their space is given back', async (t) => {
  const clock = new Clock()
  const dataDir = scratchDir(t)
  const removed: string[] = []
  const settings = { dataDir, now: clock.now }
  const store = openStore(t, { ...settings, maintain: true, log: (_level, message) => removed.push(message) })
  const other = openStore(t, settings)
  await store.put(
    batchOf([...traces(0, 1000), { table: 'AgentInfo', key: 'agent', cells: [{ qualifier: 'i', value: 'v' }] }]),
  )
  t.equal((await all(other, 'Traces')).length, 1000)
  const before = diskBytes(dataDir)
  clock.ms += 7 * DAY + 1
  t.equal((await all(other, 'Traces')).length, 0, 'hidden before the file is removed')
  clock.ms += DAY
  await store.put(batchOf(traces(5000, 10)))
  store.maintain()
  other.maintain()
  t.equal(removed.length, 1)
  t.match(removed[0], /expired/)
  t.equal((await all(other, 'Traces')).length, 10)
  t.equal((await all(store, 'AgentInfo')).length, 1)
  const after = diskBytes(dataDir)
  t.ok(after < before / 5, `${before} → ${after} bytes`)
})

t.test('above the size limit the oldest partitions go', async (t) => {
  const clock = new Clock()
  const dataDir = scratchDir(t)
  const maxSizeBytes = 8 * 1024 * 1024
  const store = openStore(t, { dataDir, now: clock.now, maxSizeBytes, maintain: true })
  const batch = 200
  for (let i = 0; i < 40; i++) {
    await store.put(batchOf(traces(i * batch, batch)))
    store.maintain()
  }
  t.ok(diskBytes(dataDir) < maxSizeBytes * 1.1, `${diskBytes(dataDir)} bytes`)
  const rows = await all(store, 'Traces')
  t.ok(rows.length > 1000 && rows.length < 40 * batch, `${rows.length} rows left`)
  t.ok(await store.get(table('Traces'), salted('Traces', traceKey('agent', 40 * batch - 1))), 'the newest is there')
  t.notOk(await store.get(table('Traces'), salted('Traces', traceKey('agent', 0))), 'the oldest is not')
  t.match((await store.health()).details, { removed: { expired: 0 } })
  t.ok((await store.health()).ok)
})

t.test('writes are refused while the store is too large, until the maintaining process has made room', async (t) => {
  const dataDir = scratchDir(t)
  const maxSizeBytes = 300_000
  const large = openStore(t, { dataDir })
  await large.put(batchOf(traces(0, 300)))
  await large.close()

  const writer = openStore(t, { dataDir, maxSizeBytes })
  const failure = { code: 'STORE_FULL', reason: 'full', retriable: true, message: /raise --max-size/ }
  await t.rejects(writer.put(batchOf(traces(300, 1))), failure)
  t.match(await writer.health(), { ok: false, reason: /raise --max-size/ })
  t.equal((await all(writer, 'Traces')).length, 300)

  const maintainer = openStore(t, { dataDir, maxSizeBytes, maintain: true })
  maintainer.maintain()
  await maintainer.put(batchOf(traces(301, 1)))
  t.ok((await maintainer.health()).ok)
  t.equal((await all(maintainer, 'Traces')).length, 1, 'the one large file went, a new one is written')
})

t.test('a partition that is removed while another process has it open gets no more writes', async (t) => {
  const clock = new Clock()
  const dataDir = scratchDir(t)
  const one = openStore(t, { dataDir, now: clock.now, maxSizeBytes: 400_000, maxPartitionBytes: 100_000 })
  const two = openStore(t, { dataDir, now: clock.now })
  await two.put(batchOf(traces(0, 10)))
  for (let i = 1; i < 6; i++) await one.put(batchOf(traces(i * 100, 100)))
  one.maintain()
  await two.put(batchOf(traces(10_000, 10)))
  const rows = await all(one, 'Traces')
  t.ok(rows.some((r) => r.key.equals(salted('Traces', traceKey('agent', 10_005)))))
})

t.test('reading: an empty directory, no directory, and beside a writer', async (t) => {
  const dataDir = join(scratchDir(t), 'none')
  const early = openStore(t, { dataDir, readOnly: true })
  t.same(await all(early, 'Traces'), [])
  t.notOk(existsSync(dataDir), 'reading makes nothing')
  const writer = openStore(t, { dataDir })
  const steps: string[] = []
  await writer.ensureTables((step) => steps.push(step))
  t.same(steps, [])
  await writer.put(batchOf(traces(0, 10)))
  t.equal((await all(early, 'Traces')).length, 10)
  await t.rejects(early.put(batchOf(traces(0, 1))), { code: 'STORE_READ_ONLY' })
})

t.test('what cannot be used is refused with what to do', async (t) => {
  const dataDir = scratchDir(t)
  writeFileSync(join(dataDir, 'format.json'), '{"format":2}')
  t.throws(() => openStore(t, { dataDir }), { code: 'STORE_FORMAT', message: /newer version .* install that version/ })
  t.throws(() => openStore(t, { dataDir, readOnly: true }), { code: 'STORE_FORMAT' })
  const file = join(scratchDir(t), 'file')
  writeFileSync(file, '')
  t.throws(() => openStore(t, { dataDir: join(file, 'x') }), { code: 'STORE_UNWRITABLE', message: /--data-dir/ })
  const damaged = scratchDir(t)
  const store = openStore(t, { dataDir: damaged, now: () => T0 })
  mkdirSync(join(damaged, 'meta'), { recursive: true })
  writeFileSync(
    join(damaged, 'meta', `${Math.floor(T0 / (720 * HOUR)) * 720 * HOUR}-720h-0.mdb`),
    Buffer.alloc(20_000, 7),
  )
  const row = { table: 'AgentInfo', key: 'a', cells: [{ qualifier: 'i', value: 'v' }] }
  await t.rejects(store.put(batchOf([row])), { name: 'StoreError', message: /\.mdb/ })
})

t.test('mapped pages are given back while hundreds of megabytes are written', async (t) => {
  const dataDir = scratchDir(t)
  const maxMappedBytes = 32 * 1024 * 1024
  const store = openStore(t, { dataDir, maxMappedBytes })
  const before = process.memoryUsage.rss()
  let most = 0
  for (let i = 0; i < 60; i++) {
    await store.put(batchOf(traces(i * 1000, 1000, 1500)))
    most = Math.max(most, process.memoryUsage.rss() - before)
  }
  const written = readdirSync(join(dataDir, 'traces')).reduce(
    (n, f) => n + statSync(join(dataDir, 'traces', f)).size,
    0,
  )
  t.ok(written > 90_000_000, `${written} bytes written`)
  t.ok(most < 150_000_000, `${most} bytes of RSS more`)
})
