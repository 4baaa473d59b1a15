import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Partition } from '../../../src/store/embedded/partition.js'
import { Shelf } from '../../../src/store/embedded/shelf.js'
import { all, batchOf, Clock, openStore, type RowSpec, scratchDir, shelfSettings, traceKey } from './rows.js'

const DAY = 24 * 3600_000
const FAILED = { name: 'StoreError', reason: 'failed', retriable: true }

function traces(first: number, count: number): RowSpec[] {
  return Array.from({ length: count }, (_, i) => ({
    table: 'Traces',
    key: traceKey('agent', first + i),
    cells: [{ family: 'A', qualifier: 'q', value: 'v' }],
  }))
}

function onlyPartition(dataDir: string, retention: string): string {
  const files = readdirSync(join(dataDir, retention)).filter((f) => f.endsWith('.mdb'))
  return join(dataDir, retention, files[0])
}

/** A file that is open stays usable but cannot be opened: a directory is in its place. @returns puts it back */
function unopenable(path: string): () => void {
  renameSync(path, `${path}-away`)
  mkdirSync(path)
  // an empty directory may have 0 bytes, like a file that is gone
  writeFileSync(join(path, 'something'), '')
  return () => {
    rmSync(path, { recursive: true })
    renameSync(`${path}-away`, path)
  }
}

function write(p: Partition): Promise<boolean> {
  return p.write((db) => void db.put(Buffer.from('k'), Buffer.from('v'), 1))
}

t.test('a partition whose reopening failed is opened again', async (t) => {
  const shelf = new Shelf(shelfSettings(scratchDir(t), 'traces'))
  t.teardown(() => shelf.close())
  const partition = shelf.current()
  t.ok(await write(partition))
  const heal = unopenable(partition.path)
  await t.rejects(shelf.current().reopen(), FAILED)
  t.ok(partition.lost)
  t.notOk(await write(partition))
  t.throws(() => partition.seal(), FAILED)
  t.throws(() => partition.sealed, FAILED)
  await t.rejects(partition.snapshot(), FAILED, 'a reader is not told that there is nothing')
  heal()
  t.equal(shelf.current(), partition)
  t.notOk(partition.lost)
  t.ok(await write(partition))
})

t.test('a partition whose reopening failed is sealed before it is removed', async (t) => {
  const settings = shelfSettings(scratchDir(t), 'traces')
  const shelf = new Shelf(settings)
  t.teardown(() => shelf.close())
  const { path, name } = shelf.current()
  const other = new Partition(path, name, false)
  t.teardown(() => other.close())
  const heal = unopenable(path)
  await t.rejects(shelf.current().reopen(), FAILED)
  const file = { name, path, bytes: 0 }
  t.throws(() => shelf.remove(file), FAILED)
  heal()
  shelf.remove(file)
  t.same(shelf.files(1), [])
  t.notOk(await write(other), 'nothing goes to a file that is gone')
})

t.test('errors of the disk in house-keeping before a write are retriable', async (t) => {
  const clock = new Clock()
  const dataDir = scratchDir(t)
  const store = openStore(t, { dataDir, now: clock.now, maintain: true })
  await store.put(batchOf(traces(0, 1)))
  const lock = `${onlyPartition(dataDir, 'traces')}-lock`
  rmSync(lock)
  mkdirSync(lock)
  store.maintain()
  clock.ms += 9 * DAY
  const failed = { ...FAILED, message: new RegExp(`^${dataDir}: .*; look whether`) }
  await t.rejects(store.put(batchOf(traces(1, 1))), failed)
  t.match(await store.health(), { ok: false })
  rmdirSync(lock)
  await store.put(batchOf(traces(1, 1)))
  t.equal((await all(store, 'Traces')).length, 1)
  t.ok((await store.health()).ok)
})

t.test('errors of the disk in choosing a partition are retriable', async (t) => {
  const dataDir = scratchDir(t)
  const store = openStore(t, { dataDir })
  await store.put(batchOf(traces(0, 1)))
  const path = onlyPartition(dataDir, 'traces')
  renameSync(path, `${path}-away`)
  symlinkSync(path, path)
  await t.rejects(store.put(batchOf(traces(1, 1))), { ...FAILED, message: /ELOOP/ })
  rmSync(path)
  renameSync(`${path}-away`, path)
  await store.put(batchOf(traces(1, 1)))
  t.equal((await all(store, 'Traces')).length, 2)
})
