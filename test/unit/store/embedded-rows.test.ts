import t from 'tap'
import { TABLES, table } from '../../../src/row/tables.js'
import { LAYOUTS } from '../../../src/store/embedded/layout.js'
import { readRowKey, storedRowEnd, storedRowKey } from '../../../src/store/embedded/row-key.js'
import {
  all,
  batchOf,
  Clock,
  counterKey,
  indexKey,
  line,
  openStore,
  type RowSpec,
  salted,
  scratchDir,
  T0,
  traceKey,
} from './rows.js'

function random(seed: number): () => number {
  return () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return seed / 0x7fffffff
  }
}

t.test('a stored row key reads back, and orders as the row does, at any length', async (t) => {
  const next = random(7)
  for (const layout of LAYOUTS) {
    const rows = Array.from({ length: 300 }, () => {
      const row = Buffer.alloc(1 + Math.floor(next() * 60))
      // few byte values, so that rows are often each other's beginning
      for (let i = 1; i < row.length; i++) row[i] = [0, 0, 1, 0xff][Math.floor(next() * 4)]
      return row
    })
    const stored = rows.map((r) => storedRowKey(layout, r))
    stored.forEach((s, i) => {
      const followed = Buffer.concat([s, Buffer.from([0xff, 0, 0xff])])
      t.equal(readRowKey(layout, followed).compare(rows[i]), 0)
      t.equal(storedRowEnd(layout, followed), s.length)
    })
    const wrong = rows.findIndex(
      (r, i) => i > 0 && Math.sign(r.compare(rows[i - 1])) !== Math.sign(stored[i].compare(stored[i - 1])),
    )
    t.equal(wrong, -1, layout.table.name)
  }
})

t.test('rows come back with their cells sorted by family and qualifier', async (t) => {
  const clock = new Clock()
  const store = openStore(t, { dataDir: scratchDir(t), now: clock.now })
  clock.ms = T0 + 500
  const key = traceKey('front-1', 42)
  const refused = await store.put(
    batchOf([
      {
        table: 'Traces',
        key,
        time: T0 + 100,
        cells: [
          { family: 'T', qualifier: 'ev1', value: 'event' },
          { family: 'S', qualifier: 'span', value: Buffer.alloc(3000, 'x') },
          { family: 'A', qualifier: 'span', value: '' },
          { family: 'T', qualifier: 'ev0', value: 'first' },
        ],
      },
      { table: 'AgentInfo', key: Buffer.alloc(32, 'a'), cells: [{ qualifier: 'i', value: 'info' }] },
    ]),
  )
  t.same(refused, [])
  const row = await store.get(table('Traces'), salted('Traces', key))
  t.same(row?.key, salted('Traces', key))
  t.same(
    row?.cells.map((c) => [c.family, c.qualifier.toString(), c.value.length, c.timestamp - T0]),
    [
      ['A', 'span', 0, 500],
      ['S', 'span', 3000, 100],
      ['T', 'ev0', 5, 100],
      ['T', 'ev1', 5, 100],
    ],
  )
  const info = await all(store, 'AgentInfo')
  t.same(info.map(line), [`${'a'.repeat(32)} Info:i=info@500`])
  t.equal(await store.get(table('Traces'), salted('Traces', traceKey('front-1', 43))), undefined)
  const some = await all(store, 'Traces', { families: ['T'] })
  t.same(some[0].cells.length, 2)
  t.same(await all(store, 'AgentEvent'), [])
})

t.test('every table keeps the order of row bytes, across partitions and in ranges', async (t) => {
  const clock = new Clock()
  const store = openStore(t, { dataDir: scratchDir(t), now: clock.now })
  const next = random(3)
  const name = (): string => 'abcdefghijklmnop'.slice(0, 1 + Math.floor(next() * 16))
  for (const tbl of TABLES.filter((x) => x.kind === 'put')) {
    const keys = new Map<string, Buffer>()
    for (let round = 0; round < 3; round++) {
      clock.ms = T0 + round * 22 * 3600_000
      const rows: RowSpec[] = Array.from({ length: 200 }, () => {
        const key =
          tbl.name === 'Traces'
            ? traceKey(name(), Math.floor(next() * 300))
            : tbl.name === 'ApplicationTraceIndex'
              ? indexKey(name(), T0 - Math.floor(next() * 300_000))
              : Buffer.from(name() + '\0'.repeat(Math.floor(next() * 3)))
        keys.set(salted(tbl.name, key).toString('hex'), salted(tbl.name, key))
        return { table: tbl.name, key, cells: [{ qualifier: 'q', value: `r${round}` }] }
      })
      t.same(await store.put(batchOf(rows)), [])
    }
    const sorted = [...keys.values()].sort((a, b) => a.compare(b))
    const hex = (b: { key: Buffer }[]): string[] => b.map((r) => r.key.toString('hex'))
    t.strictSame(
      hex(await all(store, tbl.name)),
      sorted.map((k) => k.toString('hex')),
      tbl.name,
    )
    for (let i = 0; i < 20; i++) {
      const [start, stop] = [sorted[Math.floor(next() * sorted.length)], sorted[Math.floor(next() * sorted.length)]]
      const cut = [
        start.subarray(0, 1 + Math.floor(next() * start.length)),
        stop.subarray(0, 1 + Math.floor(next() * stop.length)),
      ]
      for (const [from, to] of [[start, stop], cut]) {
        const want = sorted.filter((k) => k.compare(from) >= 0 && k.compare(to) < 0)
        t.strictSame(
          hex(await all(store, tbl.name, { start: from, stop: to })),
          want.map((k) => k.toString('hex')),
        )
      }
      t.strictSame(
        hex(await all(store, tbl.name, { start, limit: 3 })),
        sorted
          .filter((k) => k.compare(start) >= 0)
          .slice(0, 3)
          .map((k) => k.toString('hex')),
      )
    }
  }
  const health = await store.health()
  t.match(health.details, { classes: { traces: { partitions: 3 } } })
})

t.test('the newest value of a cell wins: by timestamp, then by order of writing', async (t) => {
  const clock = new Clock()
  const store = openStore(t, { dataDir: scratchDir(t), now: clock.now })
  const key = traceKey('a', 1)
  const put = async (value: string, accepted: number): Promise<void> => {
    const cells = [
      { family: 'A', qualifier: 'q', value },
      { family: 'S', qualifier: 'q', value },
      { family: 'T', qualifier: value, value },
    ]
    await store.put(batchOf([{ table: 'Traces', key, time: T0 + accepted, cells }]))
  }
  await put('1', 50)
  await put('2', 50)
  clock.ms += 24 * 3600_000
  await put('3', 20)
  clock.ms -= 10_000
  await put('4', 40)
  const row = await store.get(table('Traces'), salted('Traces', key))
  t.same(
    row?.cells.map((c) => `${c.family}:${c.qualifier.toString()}=${c.value.toString()}`),
    ['A:q=4', 'S:q=2', 'T:1=1', 'T:2=2', 'T:3=3', 'T:4=4'],
  )
})

t.test('counters add up over batches and partitions', async (t) => {
  const clock = new Clock()
  const store = openStore(t, { dataDir: scratchDir(t), now: clock.now })
  const name = 'ApplicationMapStatisticsSelf_Ver2'
  const id = table(name).id
  const keys = ['A', 'AB', 'a-long-application-name', '서비스'].map((n) => counterKey(name, n, T0))
  for (let i = 1; i <= 3; i++) {
    const columns = [
      { qualifier: Buffer.from('x'), delta: i },
      { qualifier: Buffer.from('xy'), delta: 2 ** 40 },
    ]
    t.same(await store.increment(keys.map((key) => ({ table: id, key, columns, time: T0 }))), [])
    clock.ms += 8 * 86400_000
  }
  clock.ms = T0 + 17 * 86400_000
  const rows = await all(store, name)
  t.strictSame(
    rows.map((r) => r.key.toString('hex')),
    keys.sort((a, b) => a.compare(b)).map((k) => k.toString('hex')),
  )
  for (const row of rows) {
    t.same(
      row.cells.map((c) => c.qualifier.toString()),
      ['x', 'xy'],
    )
    t.same(
      row.cells.map((c) => c.value.readBigInt64BE()),
      [6n, 3n * 2n ** 40n],
    )
  }
  t.same((await store.get(table(name), keys[1]))?.cells.length, 2)
})

t.test('rows that can never be stored are refused alone', async (t) => {
  const store = openStore(t, { dataDir: scratchDir(t) })
  const cells = [{ qualifier: 'q', value: 'v' }]
  const refused = await store.put(
    batchOf([
      { table: 'ApplicationIndex', key: 'good', cells },
      { table: 'ApplicationIndex', key: Buffer.alloc(2000, 'x'), cells },
      { table: 'ApplicationMapStatisticsSelf_Ver2', key: 'c', cells },
      { table: 'ApplicationIndex', key: 'also', cells },
    ]),
  )
  t.same(
    refused.map((r) => [r.row, r.reason]),
    [
      [1, 'key_too_long'],
      [2, 'wrong_operation'],
    ],
  )
  t.same(
    (await all(store, 'ApplicationIndex')).map((r) => r.key.toString()),
    ['also', 'good'],
  )
  const name = 'ApplicationMapStatisticsSelf_Ver2'
  const column = (n: number) => [{ qualifier: Buffer.alloc(n, 'q'), delta: 1 }]
  const counters = await store.increment([
    { table: table(name).id, key: counterKey(name, 'A', T0), columns: column(2000), time: T0 },
    { table: table(name).id, key: counterKey(name, 'B', T0), columns: column(20), time: T0 },
    { table: table('Traces').id, key: Buffer.from('x'), columns: column(2), time: T0 },
  ])
  t.same(
    counters.map((r) => [r.row, r.reason]),
    [
      [0, 'key_too_long'],
      [2, 'wrong_operation'],
    ],
  )
  t.equal((await all(store, name)).length, 1)
})

t.test('a scan can be left early, and goes on when its view is renewed', async (t) => {
  const dataDir = scratchDir(t)
  const store = openStore(t, { dataDir, maxMappedBytes: 0 })
  const rows: RowSpec[] = Array.from({ length: 2000 }, (_, i) => ({
    table: 'Traces',
    key: traceKey(`agent-${i % 7}`, i),
    cells: [{ family: 'S', qualifier: 'q', value: Buffer.alloc(600, 'v') }],
  }))
  await store.put(batchOf(rows))
  t.equal((await all(store, 'Traces')).length, 2000)
  for await (const row of store.scan(table('Traces'))) {
    t.equal(row.cells.length, 1)
    break
  }
  await store.put(batchOf(rows))
  const found = await all(store, 'Traces')
  t.equal(found.length, 2000)
  t.ok(found.every((r, i) => i === 0 || found[i - 1].key.compare(r.key) < 0))
})
