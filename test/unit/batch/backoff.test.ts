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
  const hour = { retryInitialMs: 3_600_000, retryMaxMs: 3_600_000 }
  await backoff(0, hour, AbortSignal.abort())
  const stop = new AbortController()
  const waiting = backoff(0, hour, stop.signal)
  stop.abort()
  await waiting
  t.pass('it ended')
})
