import t from 'tap'
import { table } from '../../../src/row/tables.js'
import {
  all,
  batchOf,
  Clock,
  counterKey,
  line,
  openStore,
  type RowSpec,
  salted,
  scratchDir,
  T0,
  traceKey,
} from './rows.js'

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
