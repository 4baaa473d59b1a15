// A period in a link: a number and a unit, such as 5m, 3h, 2d; "realtime" is the last minutes, always up to now.

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const UNITS: Record<string, number> = {
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
  w: 7 * DAY,
  M: 30 * DAY,
  y: 365 * DAY,
}

export const REALTIME = 'realtime'
export const REALTIME_MS = 5 * MINUTE
export const DEFAULT_PERIOD = '5m'
/** what is offered when a range is empty */
export const DAY_PERIOD = '1d'
export const PERIOD_PRESETS = ['5m', '20m', '1h', '3h', '6h', '12h', '1d', '2d'] as const

/** Milliseconds of a period, or undefined when it is none; a bare number counts minutes. */
export function periodMs(period: string): number | undefined {
  if (period === REALTIME) return REALTIME_MS
  const match = /^(\d{1,6})([smhdwMy]?)$/.exec(period)
  if (match === null) return undefined
  const ms = Number(match[1]) * UNITS[match[2] === '' ? 'm' : match[2]]
  return ms > 0 ? ms : undefined
}

/** The shortest period that says this many milliseconds, whole seconds at least. */
export function periodOf(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / SECOND)) * SECOND
  for (const unit of ['d', 'h', 'm']) {
    if (seconds % UNITS[unit] === 0) return `${seconds / UNITS[unit]}${unit}`
  }
  return `${seconds / SECOND}s`
}
