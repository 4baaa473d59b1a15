import t from 'tap'
import { Accounting } from '../../../src/accounting.js'
import { CounterMap } from '../../../src/aggregate/counter-map.js'
import type { IncrementBatch } from '../../../src/aggregate/increment-batch.js'
import { type Table, table } from '../../../src/row/tables.js'
import { random } from '../../builders/thrift-random.js'

const CALLEE = table('ApplicationMapStatisticsCallee_Ver2')
const SELF = table('ApplicationMapStatisticsSelf_Ver2')

interface Fixture {
  counters: CounterMap
  accounting: Accounting
  clock: { now: number }
}

function fixture(maxBytes = 1 << 20): Fixture {
  const accounting = new Accounting()
  const clock = { now: 1000 }
  return { counters: new CounterMap(maxBytes, accounting, () => clock.now), accounting, clock }
}

function count(counters: CounterMap, t: Table, row: string, column: string): void {
  counters.begin(t)
  counters.w.raw(Buffer.from(row), 0, row.length)
  counters.endKey()
  counters.w.raw(Buffer.from(column), 0, column.length)
  counters.add()
}

/** table, row without its salt, column → sum */
function sums(batch: IncrementBatch): Record<string, number> {
  const found: Record<string, number> = {}
  for (const row of batch) {
    for (const column of row.columns) found[`${row.table} ${row.key.subarray(1)} ${column.qualifier}`] = column.delta
  }
  return found
}

t.test('counts of one column add up, and a row holds all its columns', async (t) => {
  const { counters } = fixture()
  for (const [row, column] of [
    ['a', 'x'],
    ['b', 'x'],
    ['a', 'y'],
    ['a', 'x'],
    ['a', ''],
  ])
    count(counters, CALLEE, row, column)
  count(counters, SELF, 'a', 'x')
  t.equal(counters.size, 5)
  const batch = counters.take()
  t.equal(counters.size, 0)
  t.strictSame(
    batch.map((r) => [r.table, r.key.toString('latin1', 1), r.columns.map((c) => `${c.qualifier}=${c.delta}`)]),
    [
      [CALLEE.id, 'a', ['x=2', 'y=1', '=1']],
      [CALLEE.id, 'b', ['x=1']],
      [SELF.id, 'a', ['x=1']],
    ],
  )
  t.strictSame(counters.take(), [])
})

t.test('a row and a column that make the same bytes together are told apart', async (t) => {
  const { counters } = fixture()
  count(counters, CALLEE, 'ab', 'c')
  count(counters, CALLEE, 'a', 'bc')
  t.strictSame(sums(counters.take()), { [`${CALLEE.id} ab c`]: 1, [`${CALLEE.id} a bc`]: 1 })
})

t.test('random counts have the sums of a Map', async (t) => {
  const { counters } = fixture()
  const r = random(5)
  const expected: Record<string, number> = {}
  for (let i = 0; i < 20_000; i++) {
    const [kind, row, column] = [r.pick([CALLEE, SELF]), `row ${r.below(40)}`, `column ${r.below(40)}`]
    count(counters, kind, row, column)
    const key = `${kind.id} ${row} ${column}`
    expected[key] = (expected[key] ?? 0) + 1
    // what was taken out and could not be written comes back
    if (i % 1000 === 500) counters.putBack(counters.take())
  }
  const batch = counters.take()
  t.equal(batch.length, 80)
  t.strictSame(sums(batch), expected)
})

t.test('what is put back adds to what was counted meanwhile, and keeps the older time', async (t) => {
  const { counters, clock } = fixture()
  count(counters, CALLEE, 'a', 'x')
  count(counters, CALLEE, 'b', 'x')
  const failed = counters.take()
  clock.now = 2000
  count(counters, CALLEE, 'a', 'y')
  count(counters, CALLEE, 'a', 'x')
  count(counters, CALLEE, 'c', 'x')
  counters.putBack(failed)
  const batch = counters.take()
  t.strictSame(sums(batch), {
    [`${CALLEE.id} a y`]: 1,
    [`${CALLEE.id} a x`]: 2,
    [`${CALLEE.id} b x`]: 1,
    [`${CALLEE.id} c x`]: 1,
  })
  t.strictSame(
    batch.map((r) => [r.key.toString('latin1', 1), r.time]),
    [
      ['a', 1000],
      ['c', 2000],
      ['b', 1000],
    ],
  )
  t.ok(
    batch.every(
      (r) => r.key[0] === failed.find((f) => f.key.equals(r.key))?.key[0] || r.key.toString('latin1', 1) === 'c',
    ),
  )
})

t.test('when it is full, new counters are dropped and counted, and known ones go on', async (t) => {
  const { counters, accounting } = fixture(1000)
  for (let i = 0; i < 200; i++) count(counters, CALLEE, 'row', `column ${i}`)
  const { size } = counters
  t.ok(size > 10 && size < 100)
  t.ok(counters.bytes <= 1000)
  t.equal(accounting.counts.dropped, 200 - size)
  count(counters, CALLEE, 'row', 'column 0')
  count(counters, CALLEE, 'row', 'column 199')
  t.equal(accounting.counts.dropped, 200 - size + 1)
  const batch = counters.take()
  t.equal(sums(batch)[`${CALLEE.id} row column 0`], 2)
  const sum = Object.values(sums(batch)).reduce((a, b) => a + b)
  t.equal(sum + accounting.counts.dropped, 202)
})

t.test('what finds no room when it is put back is dropped and counted', async (t) => {
  const { counters, accounting } = fixture(1000)
  for (let i = 0; i < 20; i++) count(counters, CALLEE, 'row', `column ${i}`)
  const failed = counters.take()
  for (let i = 100; i < 120; i++) count(counters, CALLEE, 'row', `column ${i}`)
  counters.putBack(failed)
  t.equal(Object.values(sums(counters.take())).reduce((a, b) => a + b) + accounting.counts.dropped, 40)
})

t.test('a counter that was begun can be abandoned', async (t) => {
  const { counters } = fixture()
  count(counters, CALLEE, 'a', 'x')
  counters.begin(CALLEE)
  counters.w.raw(Buffer.from('half'), 0, 4)
  counters.abandon()
  count(counters, CALLEE, 'a', 'x')
  t.strictSame(sums(counters.take()), { [`${CALLEE.id} a x`]: 2 })
})
