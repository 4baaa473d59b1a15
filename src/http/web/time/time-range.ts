import { periodMs, periodOf, REALTIME, REALTIME_MS } from './period.js'

/** Both ends in ms since 1970, `to` included. */
export interface TimeRange {
  from: number
  to: number
}

/** The longest range that is asked of the server at once */
export const MAX_RANGE_MS = 2 * 24 * 3_600_000

export function rangeOf(period: string, end: number): TimeRange {
  return { from: end - (periodMs(period) ?? REALTIME_MS), to: end }
}

/** The same length, one length earlier or later. */
export function shifted(range: TimeRange, steps: number): TimeRange {
  const length = range.to - range.from
  return { from: range.from + steps * length, to: range.to + steps * length }
}

export type RangeFault = 'backwards' | 'tooLong'

export function rangeFault(range: TimeRange): RangeFault | undefined {
  if (range.from >= range.to) return 'backwards'
  return range.to - range.from > MAX_RANGE_MS ? 'tooLong' : undefined
}

/** The period of a link that says this range. */
export function periodOfRange(range: TimeRange): string {
  return periodOf(range.to - range.from)
}

export function isRealtime(period: string): boolean {
  return period === REALTIME
}
