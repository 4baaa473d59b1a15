import t from 'tap'
import { memoryTrend } from '../../../bench/growth/memory.js'

const MIB = 1024 * 1024

t.test('the slope of RSS is taken after the first third, per hour', async (t) => {
  const series = Array.from({ length: 361 }, (_, i) => {
    const seconds = i * 5
    const warmUp = seconds < 500 ? (seconds / 500) * 100 : 100
    return { seconds, bytes: (200 + warmUp + (seconds / 3600) * 6) * MIB }
  })
  const { slopeMibAnHour, minMib, maxMib } = memoryTrend(series)
  t.ok(Math.abs(slopeMibAnHour - 6) < 1e-6, `${slopeMibAnHour}`)
  t.ok(Math.abs(minMib - 301) < 1e-6 && Math.abs(maxMib - 303) < 1e-6)
})

t.test('what stays the same has no slope', async (t) => {
  const series = [0, 100, 200, 300].map((seconds) => ({ seconds, bytes: 5 * MIB }))
  t.same(memoryTrend(series), { slopeMibAnHour: 0, minMib: 5, maxMib: 5 })
})
