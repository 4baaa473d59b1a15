import type { TimeSeries } from '../api/server-map.js'

/** Requests of some minutes: a column of the load chart, with one count a slot. */
export interface LoadColumn {
  from: number
  to: number
  counts: number[]
  total: number
}

const MINUTE = 60_000

/** The minutes of all slots, put together until there are at most `columns` columns. */
export function loadColumns(series: readonly TimeSeries[], columns: number): LoadColumn[] {
  const minutes = new Map<number, number[]>()
  series.forEach((slot, i) => {
    for (const [at, count] of slot.values) {
      const counts = minutes.get(at) ?? new Array<number>(series.length).fill(0)
      counts[i] += count
      minutes.set(at, counts)
    }
  })
  const times = [...minutes.keys()].sort((a, b) => a - b)
  const width = Math.max(1, Math.ceil(times.length / columns))
  const result: LoadColumn[] = []
  for (let first = 0; first < times.length; first += width) {
    const members = times.slice(first, first + width)
    const counts = series.map((_, i) => members.reduce((sum, at) => sum + minutes.get(at)![i], 0))
    result.push({
      from: members[0],
      to: members[members.length - 1] + MINUTE,
      counts,
      total: counts.reduce((a, b) => a + b, 0),
    })
  }
  return result
}
