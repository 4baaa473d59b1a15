import type { AgentStat, StatPoint } from '../api/agents.js'
import type { ChartKind, ChartSeries } from './chart-kinds.js'

/** Times in seconds, then a column a series; null: nothing was measured. */
export type ChartColumns = [times: number[], ...series: (number | null)[][]]

/** The columns of a chart; undefined when nothing of it was measured. */
export function chartColumns(kind: ChartKind, stat: AgentStat): ChartColumns | undefined {
  const times = (stat.charts[kind.series[0].stat]?.points ?? []).map((p) => p.timestamp / 1000)
  const columns = kind.series.map((series) => column(series, stat.charts[series.stat]?.points ?? []))
  const measured = columns.some((values) => values.some((v) => v !== null))
  if (!measured || columns.some((values) => values.length !== times.length)) return undefined
  return [times, ...columns]
}

function column(series: ChartSeries, points: readonly StatPoint[]): (number | null)[] {
  const rates = series.stat.startsWith('TPS_')
  const values = points.map((p) => measured(rates ? p.avgVal : p.maxVal))
  return series.difference ? differences(values) : values
}

function measured(value: number): number | null {
  return value < 0 || !Number.isFinite(value) ? null : value
}

/** What came on top since the last measured point; after a restart the count begins anew. */
export function differences(values: readonly (number | null)[]): (number | null)[] {
  let last: number | null = null
  return values.map((value) => {
    if (value === null) return null
    const more: number | null = last === null ? null : value >= last ? value - last : value
    last = value
    return more
  })
}

/** Each column on top of the ones before. */
export function stacked(columns: readonly (number | null)[][]): (number | null)[][] {
  const sums = new Array<number>(columns[0]?.length ?? 0).fill(0)
  return columns.map((values) =>
    values.map((value, i) => {
      if (value === null) return null
      sums[i] += value
      return sums[i]
    }),
  )
}

/** At most so many points are drawn over the width of a screen. */
const MAX_POINTS = 300
const STAT_INTERVAL_MS = 5_000

/** Of so many stored points the server makes one. */
export function sampleRate(from: number, to: number): number {
  return Math.max(1, Math.floor((to - from) / STAT_INTERVAL_MS / MAX_POINTS))
}
