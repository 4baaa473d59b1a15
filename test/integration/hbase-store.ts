import type { Test } from 'tap'
import type { IncrementBatch } from '../../src/aggregate/increment-batch.js'
import type { RowBatch } from '../../src/row/row-batch.js'
import { saltedKey } from '../../src/row/rowkey.js'
import { TABLES, table } from '../../src/row/tables.js'
import { HbaseStore } from '../../src/store/hbase/hbase-store.js'
import type { HbaseStoreSettings } from '../../src/store/hbase/settings.js'
import type { ScanRange, StoredRow, UnsaltedRange } from '../../src/store/store.js'
import { HbaseAdmin } from '../builders/hbase-admin.js'
import { readIndependently } from '../builders/independent-reader.js'
import { batchOf, type TestRow } from '../builders/store-rows.js'
import { TcpProxy } from '../builders/tcp-proxy.js'

const TRACES = table('Traces')
const SELF = table('ApplicationMapStatisticsSelf_Ver2')
const NOW = Date.now()

const key = (salt: number, name: string): string => String.fromCharCode(salt) + name
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

function traceRows(name: string, count: number): TestRow[] {
  return Array.from({ length: count }, (_, i) => ({
    table: 'Traces',
    key: key(i % 64, `${name}-${String(i).padStart(6, '0')}`),
    cells: [
      [0, 'span', `value ${i}`],
      [2, `event ${i}`, 'x'.repeat(i % 200)],
    ],
  }))
}

const traces = (name: string, count: number): RowBatch => batchOf(traceRows(name, count), NOW)

const counts = (name: string, rows: number, delta: number): IncrementBatch =>
  Array.from({ length: rows }, (_, i) => ({
    table: SELF.id,
    key: bytes(key(i % 8, `${name}-${i}`)),
    columns: ['zz', 'aa'].map((q) => ({ qualifier: bytes(q), delta })),
    time: NOW,
  }))

async function rowsOf(store: HbaseStore, name: string, of = TRACES, range?: ScanRange): Promise<StoredRow[]> {
  const rows: StoredRow[] = []
  for await (const row of store.scan(of, range)) if (row.key.includes(name)) rows.push(row)
  return rows
}

async function sumOf(store: HbaseStore, name: string): Promise<number> {
  let sum = 0
  for (const row of await rowsOf(store, name, SELF)) {
    for (const cell of row.cells) sum += Number(cell.value.readBigInt64BE())
  }
  return sum
}

/** The store on a real HBase without tables. */
export async function writesAndReads(t: Test, quorum: string): Promise<void> {
  const open = (t: Test, settings: Partial<HbaseStoreSettings> = {}): HbaseStore => {
    const store = new HbaseStore({ quorum, ...settings })
    t.teardown(() => store.close())
    return store
  }
  const admin = new HbaseAdmin(quorum)
  t.teardown(() => admin.close())

  await t.test('tables are missing by name, then created with their regions, then right', async (t) => {
    const store = open(t)
    t.match(await store.health(), { ok: false, reason: /tables missing.*Traces/ })
    const steps: string[] = []
    await store.ensureTables((step) => steps.push(step))
    t.equal(steps.length, TABLES.length)
    t.ok(steps.includes('creating Traces: 64 regions, TTL 5184000 s'))
    t.strictSame(await store.checkTables(), [])
    t.equal((await admin.regions('Traces')).length, 64)
    await store.ensureTables(() => t.fail('nothing was missing'))
    const other = await open(t, { ttlSeconds: { Traces: 60 } }).checkTables()
    t.match(other, [{ name: 'Traces', fatal: false, problem: /family S has TTL 5184000, not 60/ }])
  })

  await t.test(
    'rows of all salts come in the order of time, forwards and backwards, also when asked for by key',
    async (t) => {
      const store = open(t)
      const index = table('ApplicationTraceIndex')
      const keyOf = (time: number): Buffer => {
        const key = Buffer.alloc(32)
        key.write('UNSALTED')
        key.writeBigInt64BE(BigInt(time), 24)
        return key
      }
      const times = Array.from({ length: 3000 }, (_, i) => 1_000_000 + i * 7)
      const rows = times.map((time) => ({
        table: index.name,
        key: Buffer.from(saltedKey(index.salt, keyOf(time))).toString('latin1'),
        cells: [[0, 'q', String(time)]] as TestRow['cells'],
      }))
      t.strictSame(await store.put(batchOf(rows, NOW)), [])
      const read = async (range: UnsaltedRange): Promise<number[]> => {
        const found: number[] = []
        for await (const chunk of store.scanUnsalted(index, range))
          found.push(...chunk.map((row) => Number(row.cells[0].value.toString())))
        return found
      }
      const range = { start: keyOf(times[10]), stop: keyOf(times[2500]) }
      t.strictSame(await read(range), times.slice(10, 2500))
      t.strictSame(await read({ ...range, limit: 5 }), times.slice(10, 2500), 'a limit is a hint')
      t.strictSame(await read({ ...range, reverse: true }), times.slice(10, 2500).reverse())
      t.strictSame(await read({ start: keyOf(times[10] + 1), stop: keyOf(times[12] + 1), reverse: true }), [
        times[12],
        times[11],
      ])
      t.strictSame(await read({ start: keyOf(1), stop: keyOf(2) }), [])
      const keys = [times[7], 5, times[3]].map((time) => saltedKey(index.salt, keyOf(time)))
      const got = await store.getAll(index, keys)
      t.strictSame(
        got.map((row) => row?.cells[0].value.toString()),
        [String(times[7]), undefined, String(times[3])],
      )
      await t.rejects(read({ ...range, signal: AbortSignal.abort(new Error('left')) }), { message: 'left' })
      await t.rejects(store.getAll(index, keys, { signal: AbortSignal.abort(new Error('left')) }), { message: 'left' })
    },
  )

  await t.test('what is put is read back, by us and by an independent client', async (t) => {
    const store = open(t)
    t.strictSame(await store.put(traces('read', 500)), [])
    const rows = await rowsOf(store, 'read')
    t.equal(rows.length, 500)
    t.match(rows[0].cells, [
      { family: 'S', qualifier: bytes('span'), value: bytes('value 0'), timestamp: NOW },
      { family: 'T', qualifier: bytes('event 0'), value: bytes(''), timestamp: NOW },
    ])
    const sorted = rows.map((r) => r.key).sort(Buffer.compare)
    t.strictSame(
      rows.map((r) => r.key),
      sorted,
      'in the order of their keys',
    )
    t.match(await store.get(TRACES, rows[77].key), rows[77])
    t.equal(await store.get(TRACES, bytes('nothing')), undefined)
    const some = rows.filter((_, i) => i % 50 === 0)
    const independent = await readIndependently(
      quorum,
      'Traces',
      some.map((r) => r.key),
    )
    const hex = (b: Buffer): string => b.toString('hex')
    const expected = some.map((r) =>
      r.cells.map((c) => `${c.family} ${hex(c.qualifier)} ${hex(c.value)} ${c.timestamp}`),
    )
    t.strictSame(independent, expected)
  })

  await t.test('a scan keeps to its range, families and limit', async (t) => {
    const store = open(t)
    await store.put(traces('range', 640))
    const range = { start: bytes(key(3, '')), stop: bytes(key(5, '')), families: ['T'] }
    const rows = await rowsOf(store, 'range', TRACES, range)
    t.equal(rows.length, 20)
    t.ok(rows.every((r) => r.cells.length === 1 && r.cells[0].family === 'T'))
    let n = 0
    for await (const _row of store.scan(TRACES, { limit: 7 })) n++
    t.equal(n, 7)
  })

  await t.test('a scan goes on behind its last row when the region moves under it', async (t) => {
    const store = open(t)
    const one = traceRows('scanned', 3000).map((row, i) => ({ ...row, key: key(2, `scanned-${i + 10_000}`) }))
    await store.put(batchOf(one, NOW))
    const regions = await admin.regions('Traces')
    const from = regions[2]
    const seen: string[] = []
    for await (const row of store.scan(TRACES, { start: bytes(key(2, 'scanned')), stop: bytes(key(2, 'scanned~')) })) {
      seen.push(row.key.toString('latin1'))
      if (seen.length === 500) await admin.move(from, regions.find((r) => r.port !== from.port)!)
    }
    t.strictSame(
      seen,
      one.map((row) => row.key),
    )
  })

  await t.test('a bad row is refused and its neighbours are stored', async (t) => {
    const store = open(t, { maxValueBytes: 64e6 })
    const big: TestRow = { table: 'Traces', key: key(1, 'bad-big'), cells: [[0, 'q', 'x'.repeat(11e6)]] }
    const small: TestRow = { table: 'Traces', key: key(1, 'bad-small'), cells: [[0, 'q', 'x']] }
    t.match(await store.put(batchOf([big, small], NOW)), [{ row: 0, reason: 'too_large' }])
    t.equal((await rowsOf(store, 'bad-')).length, 1)
  })

  await t.test('regions that move and split while rows are written lose and double nothing', async (t) => {
    const store = open(t)
    let batches = 0
    let sums = 0
    let writing = true
    const write = async (): Promise<void> => {
      while (writing) {
        t.strictSame(await store.put(traces(`moving-${batches++}-`, 64)), [])
        t.strictSame(await store.increment(counts('moving', 16, 3)), [])
        sums += 16 * 2 * 3
      }
    }
    const writer = write()
    const before = await admin.regions('Traces')
    const self = await admin.regions(SELF.name)
    const elsewhere = (port: number) => before.find((r) => r.port !== port)!
    for (const region of [...before.slice(0, 3), ...self.slice(0, 2)]) await admin.move(region, elsewhere(region.port))
    const splitAt = bytes(key(9, 'moving-5'))
    await admin.split(before[9], splitAt)
    while ((await admin.regions('Traces')).length < 65) await new Promise((resolve) => setTimeout(resolve, 50))
    await new Promise((resolve) => setTimeout(resolve, 300))
    writing = false
    await writer
    t.equal((await rowsOf(store, 'moving-')).length, batches * 64)
    t.equal(await sumOf(store, 'moving'), sums)
    const after = await admin.regions('Traces')
    t.equal(after.filter((r, i) => i < 3 && r.port !== before[i].port).length, 3, 'three regions are elsewhere')
  })

  await t.test('increments are exact over connections that are cut before the answer', async (t) => {
    const proxies = new Map<number, TcpProxy>()
    for (const { host, port } of await admin.regions('Traces')) {
      if (!proxies.has(port)) proxies.set(port, await new TcpProxy(host, port).start())
    }
    t.teardown(() => Promise.all([...proxies.values()].map((p) => p.stop())))
    const translateAddress = (host: string, port: number) => ({ host, port: proxies.get(port)?.port ?? port })
    const reasons = new Set<string>()
    const metrics = { called: () => {}, written: () => {}, retried: (_t: number, r: string) => void reasons.add(r) }
    const store = open(t, { translateAddress, metrics, callTimeoutMs: 5000 })
    await store.increment(counts('cut', 40, 1))
    for (let round = 0; round < 5; round++) {
      for (const proxy of proxies.values()) proxy.muted = true
      const increment = store.increment(counts('cut', 40, 5))
      await new Promise((resolve) => setTimeout(resolve, 150))
      for (const proxy of proxies.values()) {
        proxy.muted = false
        proxy.cut()
      }
      t.strictSame(await increment, [])
    }
    t.ok(reasons.has('connection_lost'))
    t.equal(await sumOf(store, 'cut-'), 40 * 2 * (1 + 5 * 5))
  })
}
