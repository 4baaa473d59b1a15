import t from 'tap'
import { addHistograms } from '../../../../src/http/web/histogram/add-histograms.js'
import { loadColumns } from '../../../../src/http/web/histogram/load-columns.js'
import { slotsOf } from '../../../../src/http/web/histogram/slots.js'

t.test('slots keep their order, share and colour whatever their names', async (t) => {
  t.same(
    slotsOf({ '1s': 6, '3s': 2, '5s': 1, Slow: 0, Error: 1 }).map((s) => [s.name, s.colour, s.share]),
    [
      ['1s', 'fast', 0.6],
      ['3s', 'normal', 0.2],
      ['5s', 'late', 0.1],
      ['Slow', 'slow', 0],
      ['Error', 'error', 0.1],
    ],
  )
  t.same(
    slotsOf({ '100ms': 0, '300ms': 0, '500ms': 0, Slow: 0, Error: 0 }).map((s) => [s.colour, s.share]),
    [
      ['fast', 0],
      ['normal', 0],
      ['late', 0],
      ['slow', 0],
      ['error', 0],
    ],
  )
})

t.test('histograms add up slot by slot', async (t) => {
  t.same(addHistograms({ '1s': 1, Error: 2 }, { '1s': 3, Slow: 1 }), { '1s': 4, Error: 2, Slow: 1 })
})

t.test('minutes are put together until they fit', async (t) => {
  const minutes = (count: number, n: number): [number, number][] =>
    Array.from({ length: count }, (_, i) => [i * 60_000, n])
  const series = [
    { key: '1s', values: minutes(10, 2) },
    { key: 'Error', values: minutes(10, 1) },
  ]
  t.same(loadColumns(series, 10)[3], { from: 180_000, to: 240_000, counts: [2, 1], total: 3 })
  t.same(
    loadColumns(series, 4).map((c) => [c.from, c.to, c.total]),
    [
      [0, 180_000, 9],
      [180_000, 360_000, 9],
      [360_000, 540_000, 9],
      [540_000, 600_000, 3],
    ],
  )
  t.same(loadColumns([], 10), [])
})
