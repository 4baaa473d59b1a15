import t from 'tap'
import { linkDate, parseLinkDate, preciseTime } from '../../../../src/http/web/time/date-time.js'
import { periodMs, periodOf } from '../../../../src/http/web/time/period.js'
import { rangeFault, rangeOf, shifted } from '../../../../src/http/web/time/time-range.js'
import { timeTicks } from '../../../../src/http/web/time/time-ticks.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

t.test('periods have a unit, minutes when there is none', async (t) => {
  t.equal(periodMs('5m'), 5 * MINUTE)
  t.equal(periodMs('20'), 20 * MINUTE)
  t.equal(periodMs('2d'), 48 * HOUR)
  t.equal(periodMs('realtime'), 5 * MINUTE)
  for (const wrong of ['', 'm', '0m', '-5m', '5x', '1.5h', '9999999m']) t.equal(periodMs(wrong), undefined, wrong)
})

t.test('a range is said by the largest unit that fits', async (t) => {
  t.equal(periodOf(5 * MINUTE), '5m')
  t.equal(periodOf(90 * MINUTE), '90m')
  t.equal(periodOf(48 * HOUR), '2d')
  t.equal(periodOf(61_000), '61s')
  t.equal(periodOf(1), '1s')
})

t.test('the date of a link never cuts off what came in its last second', async (t) => {
  const ms = new Date(2026, 10, 23, 15, 0, 0).getTime()
  t.equal(linkDate(ms), '2026-11-23-15-00-00')
  t.equal(linkDate(ms + 1), '2026-11-23-15-00-01')
  t.equal(parseLinkDate(linkDate(ms)), ms)
  t.equal(parseLinkDate('2026-02-30-00-00-00'), undefined)
  t.equal(preciseTime(ms + 7), '15:00:00.007')
})

t.test('ranges move by their own length and have a limit', async (t) => {
  const range = rangeOf('1h', 10 * HOUR)
  t.same(range, { from: 9 * HOUR, to: 10 * HOUR })
  t.same(shifted(range, -1), { from: 8 * HOUR, to: 9 * HOUR })
  t.equal(rangeFault(range), undefined)
  t.equal(rangeFault({ from: 2, to: 1 }), 'backwards')
  t.equal(rangeFault({ from: 0, to: 49 * HOUR }), 'tooLong')
})

t.test('ticks are round times of the browser’s zone, no more than asked for', async (t) => {
  t.same(
    timeTicks({ from: 30_000, to: 5 * MINUTE }, 5, 0),
    [1, 2, 3, 4, 5].map((n) => n * MINUTE),
  )
  const india = -330 * MINUTE
  for (const at of timeTicks({ from: 0, to: 24 * HOUR }, 6, india)) t.equal((at - india) % (6 * HOUR), 0)
  for (const hours of [1, 7, 30, 400]) t.ok(timeTicks({ from: 0, to: hours * HOUR }, 6, 0).length <= 7)
})
