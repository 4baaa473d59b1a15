import t from 'tap'
import { TABLES } from '../../../src/row/tables.js'
import { LAYOUTS } from '../../../src/store/embedded/layout.js'
import { readRowKey, storedRowEnd, storedRowKey } from '../../../src/store/embedded/row-key.js'
import { all, batchOf, Clock, indexKey, openStore, type RowSpec, salted, scratchDir, T0, traceKey } from './rows.js'

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
