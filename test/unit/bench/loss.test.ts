import t from 'tap'
import { type Counts, difference, lossOf } from '../../../bench/measure/loss.js'

const ZERO: Counts = { kernelDrops: 0, received: 0, dropped: {}, stored: 0, inFlight: 0 }

t.test('nothing lost', async (t) => {
  const loss = lossOf(100, { ...ZERO, received: 100, stored: 100 })
  t.same(loss, { sent: 100, lost: 0, share: 0, places: {}, unaccounted: 0 })
})

t.test('each place is named, and the rest adds up', async (t) => {
  const counts = {
    kernelDrops: 5,
    received: 93,
    dropped: { 'queue/full': 10, 'map/empty': 1 },
    stored: 80,
    inFlight: 2,
  }
  t.same(lossOf(100, counts), {
    sent: 100,
    lost: 18,
    share: 0.18,
    places: { kernel: 5, way: 2, 'queue/full': 10, 'map/empty': 1 },
    unaccounted: 0,
  })
})

t.test('a message that vanished inside is unaccounted for', async (t) => {
  t.equal(lossOf(100, { ...ZERO, received: 100, stored: 97, inFlight: 1 }).unaccounted, 2)
})

t.test('a collector that tells little is judged by the kernel and its log', async (t) => {
  const counts: Counts = { kernelDrops: 4, received: null, dropped: { refused: 100 }, stored: null, inFlight: null }
  t.same(lossOf(1000, counts), {
    sent: 1000,
    lost: 104,
    share: 0.104,
    places: { kernel: 4, refused: 100 },
    unaccounted: null,
  })
})

t.test('only what came since the look before counts; what is in flight is so now', async (t) => {
  const before: Counts = { kernelDrops: 7, received: 50, dropped: { 'queue/full': 3 }, stored: 40, inFlight: 0 }
  const after: Counts = {
    kernelDrops: 9,
    received: 150,
    dropped: { 'queue/full': 3, 'map/empty': 2 },
    stored: 130,
    inFlight: 8,
  }
  t.same(difference(after, before), {
    kernelDrops: 2,
    received: 100,
    dropped: { 'queue/full': 0, 'map/empty': 2 },
    stored: 90,
    inFlight: 8,
  })
})
