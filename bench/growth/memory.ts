import type { CaseResult } from '../cases/result.js'
import { svgOf } from '../report/chart.js'

const MIB = 1024 * 1024
/** Part of the time after which heaps and caches have their size. */
const SETTLED_SHARE = 1 / 3

export interface MemoryTrend {
  /** MiB an hour in the last two thirds, by least squares */
  slopeMibAnHour: number
  minMib: number
  maxMib: number
}

/** Whether RSS grows with time. @param series at least two entries after the first third */
export function memoryTrend(series: readonly { seconds: number; bytes: number }[]): MemoryTrend {
  const end = series[series.length - 1].seconds
  const settled = series.filter(({ seconds }) => seconds >= end * SETTLED_SHARE)
  const mean = (of: (e: (typeof settled)[number]) => number): number =>
    settled.reduce((sum, e) => sum + of(e), 0) / settled.length
  const meanSeconds = mean((e) => e.seconds)
  const meanBytes = mean((e) => e.bytes)
  const covariance = mean((e) => (e.seconds - meanSeconds) * (e.bytes - meanBytes))
  const variance = mean((e) => (e.seconds - meanSeconds) ** 2)
  return {
    slopeMibAnHour: variance === 0 ? 0 : ((covariance / variance) * 3600) / MIB,
    minMib: Math.min(...settled.map((e) => e.bytes)) / MIB,
    maxMib: Math.max(...settled.map((e) => e.bytes)) / MIB,
  }
}

/** RSS of all processes over time. */
export function memoryChart(result: CaseResult): string {
  const points = result.round!.rssSeries.map(({ seconds, bytes }): [number, number] => [seconds / 60, bytes / MIB])
  return svgOf({
    title: `RSS under load, ${result.case}`,
    x: 'minutes',
    left: 'MiB, all processes',
    lines: [{ name: 'RSS', axis: 0, points }],
  })
}
