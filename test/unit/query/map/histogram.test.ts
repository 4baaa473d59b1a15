import t from 'tap'
import {
  addSlot,
  histogramAt,
  histogramJson,
  isAlert,
  newHistogram,
  seriesJson,
  type TimeHistograms,
  totalCount,
} from '../../../../src/query/map/histogram.js'
import { inWindow } from '../../../../src/query/map/time-series.js'
import { histogramWindow, slotsOf } from '../../../../src/query/time-range.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

// spec: storage.md §6.2
t.test('slots of a schema become columns', async (t) => {
  const normal = newHistogram()
  for (const [slot, count] of [
    [1000, 1],
    [3000, 2],
    [5000, 4],
    [0, 8],
    [-1, 16],
  ])
    addSlot(normal, 'NORMAL', slot, count)
  t.same(histogramJson(normal, 'NORMAL'), { '1s': 1, '3s': 2, '5s': 4, Slow: 8, Error: 16 })
  t.equal(totalCount(normal), 31)
  t.notOk(isAlert(normal))
  const fast = newHistogram()
  for (const [slot, count] of [
    [100, 1],
    [300, 2],
    [500, 4],
    [0, 8],
    [-1, 16],
  ])
    addSlot(fast, 'FAST', slot, count)
  t.same(histogramJson(fast, 'FAST'), { '100ms': 1, '300ms': 2, '500ms': 4, Slow: 8, Error: 16 })
  const failed = newHistogram()
  t.notOk(isAlert(failed))
  addSlot(failed, 'FAST', -1, 3)
  t.ok(isAlert(failed))
})

t.test('longer ranges have wider slots', async (t) => {
  const widths = [1, HOUR, HOUR + 1, 6 * HOUR, 6 * HOUR + 1, 12 * HOUR, 24 * HOUR, 48 * HOUR, 48 * HOUR + 1].map(
    (length) => histogramWindow({ from: 0, to: length }).slot / MINUTE,
  )
  t.same(widths, [1, 1, 5, 5, 10, 10, 20, 30, 60])
  const window = histogramWindow({ from: 90_000, to: 200_000 })
  t.same(slotsOf(window), [60_000, 120_000, 180_000])
})

t.test('slots without any response have zeros', async (t) => {
  const times: TimeHistograms = new Map()
  histogramAt(times, 125_000).fast = 2
  histogramAt(times, 60_000).error = 1
  const series = seriesJson(inWindow(histogramWindow({ from: 60_000, to: 180_000 }), [times, times]), 'NORMAL')
  t.same(series[0], {
    key: '1s',
    values: [
      [60_000, 0],
      [120_000, 4],
      [180_000, 0],
    ],
  })
  t.same(series[4], {
    key: 'Error',
    values: [
      [60_000, 2],
      [120_000, 0],
      [180_000, 0],
    ],
  })
})
