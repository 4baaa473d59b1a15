import type { TimeRange } from './time-range.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const STEPS = [
  SECOND,
  5 * SECOND,
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
]

/** Round times inside the range, at most `count` of them, in the time zone whose offset is `offsetMs`. */
export function timeTicks(range: TimeRange, count: number, offsetMs: number): number[] {
  const length = range.to - range.from
  const step = STEPS.find((s) => length / s <= count) ?? Math.ceil(length / count / (24 * HOUR)) * 24 * HOUR
  const ticks: number[] = []
  const first = Math.ceil((range.from - offsetMs) / step) * step + offsetMs
  for (let at = first; at <= range.to; at += step) ticks.push(at)
  return ticks
}

/** What local time lags behind UTC, in ms, at that moment. */
export function zoneOffsetMs(at: number): number {
  return new Date(at).getTimezoneOffset() * MINUTE
}
