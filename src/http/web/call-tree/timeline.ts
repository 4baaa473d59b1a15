import type { CallRow } from './call-rows.js'

/** A call on the time axis; `start` and `width` are shares of the whole, 0 to 1. */
export interface TimelineBar {
  row: number
  start: number
  width: number
  /** number of the application among those of the transaction, for its colour */
  application: number
}

export interface Timeline {
  from: number
  to: number
  bars: TimelineBar[]
  applications: string[]
}

/** All calls of a transaction on one axis, which begins with the first and ends with the last. */
export function timeline(rows: readonly CallRow[]): Timeline {
  const calls = rows.flatMap((row, i) => (row.inTimeline ? [{ row, i }] : []))
  const from = calls.reduce((least, { row }) => Math.min(least, row.begin), Number.POSITIVE_INFINITY)
  const to = calls.reduce((most, { row }) => Math.max(most, row.end), 0)
  if (calls.length === 0) return { from: 0, to: 0, bars: [], applications: [] }
  const length = Math.max(1, to - from)
  const applications = [...new Set(calls.map(({ row }) => row.application))]
  return {
    from,
    to,
    applications,
    bars: calls.map(({ row, i }) => ({
      row: i,
      start: (row.begin - from) / length,
      width: (row.end - row.begin) / length,
      application: applications.indexOf(row.application),
    })),
  }
}
