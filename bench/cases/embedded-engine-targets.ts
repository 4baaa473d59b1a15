import { readdirSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { open } from 'lmdb'
import { ROW_CELLS_AT, ROW_END, ROW_INTS, ROW_KEY_AT, ROW_TABLE, type RowBatch } from '../../src/row/row-batch.js'
import { table } from '../../src/row/tables.js'
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js'

/** What the comparison asks of an engine. */
export interface Target {
  put(batch: RowBatch): Promise<unknown>
  /** adds 1 to each */
  count(keys: Buffer[]): Promise<unknown>
  /** gives the space of all rows back to the disk */
  giveBack(): Promise<unknown>
}

type Opener = (dir: string) => Promise<Target>

/** The few calls that the LevelDB-like bindings have in common, as promises. */
interface LevelLike {
  get(key: Buffer): Promise<Buffer | undefined>
  write(entries: [Buffer, Buffer][]): Promise<unknown>
  clear(): Promise<unknown>
}

const COUNTERS = 'ApplicationMapStatisticsSelf_Ver2'

function entriesOf(batch: RowBatch): [Buffer, Buffer][] {
  const { rows, w } = batch
  return Array.from({ length: batch.rowCount }, (_, i) => {
    const at = i * ROW_INTS
    const key = Buffer.concat([
      Buffer.of(rows[at + ROW_TABLE]),
      w.buf.subarray(rows[at + ROW_KEY_AT], rows[at + ROW_CELLS_AT]),
    ])
    return [key, w.buf.subarray(rows[at + ROW_CELLS_AT], rows[at + ROW_END])]
  })
}

async function embedded(dir: string): Promise<Target> {
  const store = await EmbeddedStore.open({ dataDir: dir })
  const id = table(COUNTERS).id
  return {
    put: (batch) => store.put(batch),
    count: (keys) =>
      store.increment(keys.map((key) => ({ table: id, key, columns: [{ qualifier: key, delta: 1 }], time: 0 }))),
    giveBack: async () => {
      await store.close()
      for (const c of ['traces', 'stats']) rmSync(join(dir, c), { recursive: true })
    },
  }
}

/** LMDB as it comes: one file, rows under their salted keys. */
function plainLmdb(options: object): Opener {
  return async (dir) => {
    const db = open<Buffer, Buffer>({
      path: join(dir, 'data.mdb'),
      encoding: 'binary',
      keyEncoding: 'binary',
      mapSize: 2 ** 40,
      ...options,
    })
    return {
      put: (batch) =>
        db.batch(() => {
          for (const [key, value] of entriesOf(batch)) void db.put(key, value)
        }),
      count: (keys) =>
        db.transaction(() => {
          for (const key of keys) void db.put(key, plusOne(db.get(key)))
        }),
      // pages go to a free list, the file keeps its size
      giveBack: () => db.clearAsync(),
    }
  }
}

function plusOne(before: Buffer | undefined): Buffer {
  const sum = Buffer.alloc(8)
  sum.writeBigInt64BE((before?.readBigInt64BE() ?? 0n) + 1n)
  return sum
}

function levelTarget(db: LevelLike): Target {
  return {
    put: (batch) => db.write(entriesOf(batch)),
    count: async (keys) => {
      const before = await Promise.all(keys.map((key) => db.get(key)))
      return db.write(keys.map((key, i) => [key, plusOne(before[i])]))
    },
    giveBack: () => db.clear(),
  }
}

/** Packages for comparison only live outside the project, in BENCH_ENGINES. */
const outside = createRequire(join(process.env.BENCH_ENGINES ?? '.', 'x.js'))

async function classicLevel(dir: string): Promise<Target> {
  const { ClassicLevel } = outside('classic-level')
  const db = new ClassicLevel(dir, { keyEncoding: 'buffer', valueEncoding: 'buffer', writeBufferSize: 16 << 20 })
  await db.open()
  return levelTarget({
    get: (key) => db.get(key).catch(() => undefined),
    write: (entries) => {
      const batch = db.batch()
      for (const [key, value] of entries) batch.put(key, value)
      return batch.write({ sync: true })
    },
    clear: async () => {
      await db.clear()
      await db.compactRange(Buffer.of(0), Buffer.of(255))
    },
  })
}

type Done = (error: Error | null, value?: Buffer) => void

async function rocksdb(dir: string): Promise<Target> {
  const db = outside('rocksdb')(dir)
  const call = (work: (done: Done) => void): Promise<Buffer | undefined> =>
    new Promise((resolve, reject) => work((error, value) => (error ? reject(error) : resolve(value))))
  await call((done) => db.open({ writeBufferSize: 16 << 20 }, done))
  return levelTarget({
    get: (key) => call((done) => db.get(key, done)).catch(() => undefined),
    write: (entries) => {
      const batch = db.batch()
      for (const [key, value] of entries) batch.put(key, value)
      return call((done) => batch.write({ sync: true }, done))
    },
    clear: async () => {
      await call((done) => db.clear({}, done))
      await call((done) => db.compactRange(Buffer.of(0), Buffer.of(255), done))
    },
  })
}

export const TARGETS: Record<string, Opener> = {
  'embedded store': embedded,
  'lmdb, salted keys': plainLmdb({}),
  'lmdb, salted keys, no fsync': plainLmdb({ noSync: true }),
  'lmdb, salted keys, LZ4': plainLmdb({ compression: true }),
  'classic-level (LevelDB)': classicLevel,
  rocksdb,
}

export function directoryBytes(dir: string): number {
  let bytes = 0
  for (const f of readdirSync(dir, { recursive: true, withFileTypes: true }))
    if (f.isFile()) bytes += statSync(join(f.parentPath, f.name)).blocks * 512
  return bytes
}
