import t, { type Test } from 'tap'
import { table } from '../../../src/row/tables.js'
import type { Store, UnsaltedRange } from '../../../src/store/store.js'
import {
  batchOf,
  Clock,
  counterKey,
  indexKey,
  openStore,
  type RowSpec,
  salted,
  scratchDir,
  T0,
  traceKey,
} from './rows.js'

async function keysOf(store: Store, tableName: string, range: UnsaltedRange): Promise<string[]> {
  const keys: string[] = []
  const { salt } = table(tableName)
  for await (const rows of store.scanUnsalted(table(tableName), range)) {
    t.ok(rows.length > 0, 'no empty chunks')
    for (const { key } of rows) keys.push((salt === null ? key : key.subarray(1)).toString('hex'))
  }
  return keys
}

function random(seed: number): () => number {
  return () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return seed / 0x7fffffff
  }
}

/** Compares with a plain sort, for ranges between any two keys. */
async function compare(t: Test, store: Store, tableName: string, keys: Buffer[]): Promise<void> {
  const sorted = [...keys].sort(Buffer.compare)
  const next = random(11)
  const any = (): Buffer => sorted[Math.floor(next() * sorted.length)]
  const ranges = Array.from({ length: 20 }, () => [any(), any()].sort(Buffer.compare))
  for (const [start, stop] of [[sorted[0], Buffer.concat([sorted.at(-1)!, Buffer.of(0)])], ...ranges]) {
    const wanted = sorted
      .filter((key) => key.compare(start) >= 0 && key.compare(stop) < 0)
      .map((key) => key.toString('hex'))
    t.strictSame(await keysOf(store, tableName, { start, stop }), wanted, tableName)
    t.strictSame(
      await keysOf(store, tableName, { start, stop, reverse: true }),
      [...wanted].reverse(),
      `${tableName} backwards`,
    )
  }
}

t.test('rows of all salts come in the order of their keys without it', async (t) => {
  const clock = new Clock()
  const store = openStore(t, { dataDir: scratchDir(t), now: clock.now })
  const next = random(5)
  const spread = (ms: number): number => T0 - Math.floor(next() * ms)
  const tables: Record<string, () => Buffer> = {
    // many windows of 65 s with some rows, and a few with many
    ApplicationTraceIndex: () => indexKey('app', next() < 0.5 ? spread(3_000_000) : spread(3_000)),
    AgentStat: () => indexKey('agent', spread(100_000)),
    AgentInfo: () => indexKey('agent', spread(100_000)),
    Traces: () => traceKey('agent', Math.floor(next() * 700)),
  }
  for (const [name, keyOf] of Object.entries(tables)) {
    const keys = new Map<string, Buffer>()
    for (let round = 0; round < 2; round++) {
      // the second part is in another partition
      clock.ms = T0 + round * 22 * 3600_000
      const rows = Array.from({ length: 400 }, (): RowSpec => {
        const key = keyOf()
        keys.set(key.toString('hex'), key)
        return { table: name, key, cells: [{ qualifier: 'q', value: 'v' }] }
      })
      t.strictSame(await store.put(batchOf(rows)), [])
    }
    await compare(t, store, name, [...keys.values()])
  }
})

t.test('a window with very many rows is read in slices, in the same order', async (t) => {
  const store = openStore(t, { dataDir: scratchDir(t), now: () => T0 })
  const cells = [{ qualifier: 'q', value: 'v' }]
  // a row each 5 ms for 70 s, some rows before and behind
  const times = [
    ...Array.from({ length: 14_000 }, (_, i) => T0 - 5 * i),
    ...Array.from({ length: 20 }, (_, i) => T0 - 100_000 - 30_000 * i),
    ...Array.from({ length: 20 }, (_, i) => T0 + 10_000 + 30_000 * i),
  ]
  const keys = times.map((time) => indexKey('app', time))
  await store.put(batchOf(keys.map((key): RowSpec => ({ table: 'ApplicationTraceIndex', key, cells }))))
  await compare(t, store, 'ApplicationTraceIndex', keys)
  for (const reverse of [false, true]) {
    const range = { start: indexKey('app', T0), stop: indexKey('app', T0 - 70_000), reverse }
    for await (const rows of store.scanUnsalted(table('ApplicationTraceIndex'), range)) {
      t.ok(rows.length <= 4_000, `${rows.length} rows at once`)
      break
    }
  }
})

t.test('counters of all salts come in the order of time', async (t) => {
  const store = openStore(t, { dataDir: scratchDir(t), now: () => T0 })
  const name = 'ApplicationMapStatisticsCallee_Ver2'
  const salted = Array.from({ length: 120 }, (_, i) => counterKey(name, 'APP', T0 - i * 60_000))
  const rows = salted.map((key) => ({
    table: table(name).id,
    key,
    columns: [{ qualifier: Buffer.from('c'), delta: 1 }],
    time: T0,
  }))
  t.strictSame(await store.increment(rows), [])
  t.ok(new Set(salted.map((key) => key[0])).size > 16, 'the salts differ')
  await compare(
    t,
    store,
    name,
    salted.map((key) => key.subarray(1)),
  )
})

t.test('rows asked for by key come in the order of the keys, absent ones as undefined', async (t) => {
  const store = openStore(t, { dataDir: scratchDir(t), now: () => T0 })
  const keys = [3, 1, 2].map((sequence) => traceKey('agent', sequence))
  const families = (value: string): RowSpec['cells'] =>
    ['S', 'A', 'T'].map((family) => ({ family, qualifier: 'q', value }))
  await store.put(batchOf(keys.map((key, i) => ({ table: 'Traces', key, cells: families(`v${i}`) }))))
  const traces = table('Traces')
  const asked = [keys[1], traceKey('agent', 9), keys[0], keys[1]].map((key) => salted('Traces', key))
  const rows = await store.getAll(traces, [...asked, Buffer.alloc(0)], { families: ['S'] })
  t.strictSame(
    rows.map((row) => row?.cells.map((cell) => `${cell.family}=${cell.value.toString()}`)),
    [['S=v1'], undefined, ['S=v0'], ['S=v1'], undefined],
  )
})

t.test('a signal ends a read', async (t) => {
  const store = openStore(t, { dataDir: scratchDir(t), now: () => T0 })
  const rows = Array.from(
    { length: 50 },
    (_, i): RowSpec => ({ table: 'AgentInfo', key: indexKey('a', T0 - i), cells: [{ qualifier: 'q', value: 'v' }] }),
  )
  await store.put(batchOf(rows))
  const signal = AbortSignal.abort(new Error('left'))
  const range = { start: indexKey('a', T0), stop: indexKey('a', 0), signal }
  await t.rejects(keysOf(store, 'AgentInfo', range), { message: 'left' })
  await t.rejects(store.getAll(table('AgentInfo'), [indexKey('a', T0)], { signal }), { message: 'left' })
})
