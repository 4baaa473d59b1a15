import { getEventListeners } from 'node:events'
import t from 'tap'
import { backoff } from '../../../src/batch/backoff.js'

const never = new AbortController().signal

t.test('waits double up to the longest, half of each at random', async (t) => {
  const waits: number[] = []
  t.intercept(globalThis, 'setTimeout', {
    value: (finish: () => void, ms: number) => {
      waits.push(ms)
      queueMicrotask(finish)
      return 0
    },
  })
  for (const attempt of [0, 1, 2, 3, 4, 1000]) await backoff(attempt, { retryInitialMs: 100, retryMaxMs: 1000 }, never)
  for (const [i, full] of [100, 200, 400, 800, 1000, 1000].entries()) {
    t.ok(waits[i] >= full / 2 && waits[i] <= full, `${waits[i]} of ${full} ms`)
  }
})

t.test('an abort ends the wait, before it and in it', async (t) => {
  const cleared = t.capture(globalThis, 'clearTimeout', globalThis.clearTimeout)
  const hour = { retryInitialMs: 3_600_000, retryMaxMs: 3_600_000 }
  const began = performance.now()
  await backoff(0, hour, AbortSignal.abort())
  t.equal(cleared().length, 1)
  const stop = new AbortController()
  let ended = false
  const waiting = backoff(0, hour, stop.signal).then(() => {
    ended = true
  })
  await new Promise(setImmediate)
  t.notOk(ended, 'it waits')
  t.equal(getEventListeners(stop.signal, 'abort').length, 1)
  stop.abort()
  await waiting
  t.ok(performance.now() - began < 60_000)
  t.equal(cleared().length, 1, 'no timer is left')
  t.equal(getEventListeners(stop.signal, 'abort').length, 0, 'nor a listener')
})

t.test('a wait that ended by itself leaves nothing at the signal', async (t) => {
  const { signal } = new AbortController()
  for (let attempt = 0; attempt < 20; attempt++) await backoff(attempt, { retryInitialMs: 0, retryMaxMs: 0 }, signal)
  t.equal(getEventListeners(signal, 'abort').length, 0)
})
