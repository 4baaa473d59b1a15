import t from 'tap'
import { highestLossless, type RampOptions, type Trial } from '../../../bench/measure/ramp.js'

const OPTIONS: RampOptions = { start: 1_000, max: 200_000, precision: 0.05, attempts: 2 }

/** A collector that loses above its limit, and by accident at these trials. */
function simulated(
  limit: number,
  generator = Infinity,
  accidents: readonly number[] = [],
): (rate: number) => Promise<Trial> {
  let trial = 0
  return async (rate) => ({
    rate,
    lossless: rate <= limit && !accidents.includes(trial++),
    generatorLimited: rate > generator,
  })
}

t.test('finds the limit to within the precision, from below and from above the first rate', async (t) => {
  for (const limit of [70, 300, 999, 1_000, 1_001, 4_000, 31_700, 150_000]) {
    const { rate, limitedBy, trials } = await highestLossless(OPTIONS, simulated(limit))
    t.ok(rate <= limit && rate >= limit / (1 + OPTIONS.precision), `${rate} of ${limit}`)
    t.equal(limitedBy, 'collector')
    t.ok(trials.length < 40, `${trials.length} trials`)
  }
})

t.test('one accident does not count, two in a row do', async (t) => {
  const once = await highestLossless(OPTIONS, simulated(31_700, Infinity, [2]))
  t.ok(once.rate > 30_000)
  const twice = await highestLossless(OPTIONS, simulated(31_700, Infinity, [2, 3]))
  t.ok(twice.rate < 4_000)
})

t.test('says when the generator was the limit, or the highest rate', async (t) => {
  const slow = await highestLossless(OPTIONS, simulated(1e9, 50_000))
  t.equal(slow.limitedBy, 'generator')
  t.ok(slow.rate > 45_000 && slow.rate <= 50_000, `${slow.rate}`)
  const all = await highestLossless(OPTIONS, simulated(1e9))
  t.equal(all.limitedBy, 'maximum')
  t.equal(all.rate, 200_000)
})

t.test('a collector that always loses has no rate', async (t) => {
  const { rate, limitedBy } = await highestLossless(OPTIONS, simulated(0))
  t.equal(rate, 0)
  t.equal(limitedBy, 'collector')
})
