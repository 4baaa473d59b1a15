import t from 'tap'
import { CALM_SAMPLES, type LoadSample, readersWanted } from '../../../src/worker/receiving-plan.js'

const MAX = 4

function samples(count: number, reading: number, load: number): LoadSample[] {
  return Array.from({ length: count }, () => ({ reading, load }))
}

/** The number of readers as it goes, when the readers share the load evenly and can do no more than 1 each. */
function run(loads: readonly number[], max: number, first = 1): number[] {
  let history: LoadSample[] = []
  let reading = first
  return loads.map((load) => {
    history = [...history, { reading, load: Math.min(load, reading) }].slice(-CALM_SAMPLES)
    reading = readersWanted(history, max)
    return reading
  })
}

t.test('one reads as long as its load is low', async (t) => {
  t.equal(readersWanted([], MAX), 1)
  t.strictSame(new Set(run(Array(200).fill(0.7), MAX)), new Set([1]))
})

t.test('a second sample of high load brings another', async (t) => {
  t.strictSame(run([0.3, 0.3, 0.8, 0.8], MAX), [1, 1, 1, 2])
  t.strictSame(run([0.1, 0.9], MAX), [1, 1], 'one slow quarter of a second does not')
  t.strictSame(run([0.6, 1], MAX), [1, 2], 'unless it was full and the one before not idle')
})

t.test('overload brings all within a few samples, and no more than there are', async (t) => {
  const readers = run(Array(12).fill(9), MAX)
  t.strictSame(readers.slice(0, 6), [1, 2, 2, 3, 3, 4])
  t.equal(Math.max(...readers), MAX)
  t.equal(run(Array(12).fill(9), 1).at(-1), 1)
})

t.test('a worker leaves after ten seconds of load that the others can take', async (t) => {
  const readers = run(Array(CALM_SAMPLES).fill(0.45), MAX, 2)
  t.strictSame(readers.slice(0, -1), Array(CALM_SAMPLES - 1).fill(2))
  t.equal(readers.at(-1), 1)
  t.equal(run(Array(CALM_SAMPLES).fill(0.9), MAX, 3).at(-1), 2, 'one at a time')
  t.equal(run(Array(3 * CALM_SAMPLES).fill(0.9), MAX, 3).at(-1), 2)
})

t.test('between the two limits nothing changes', async (t) => {
  for (const load of [0.55, 0.8, 1.45])
    t.strictSame(new Set(run(Array(200).fill(load), MAX, 2)), new Set([2]), `${load}`)
})

t.test('samples with another number of readers do not count', async (t) => {
  t.equal(readersWanted([...samples(1, 1, 1), ...samples(1, 2, 1.9)], MAX), 2)
  t.equal(readersWanted([...samples(CALM_SAMPLES - 1, 1, 0.1), ...samples(1, 2, 0.1)], MAX), 2)
})

t.test('the last one always reads', async (t) => {
  t.equal(readersWanted(samples(CALM_SAMPLES, 1, 0), MAX), 1)
})
