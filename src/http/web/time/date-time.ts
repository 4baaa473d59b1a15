// Dates of links and of time fields, in the time zone of the browser.

const LINK_DATE = /^(\d{4})-(\d{2})-(\d{2})-(\d{2})-(\d{2})-(\d{2})$/

function two(n: number): string {
  return String(n).padStart(2, '0')
}

function parts(ms: number): [date: string, time: string[]] {
  const d = new Date(ms)
  const date = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`
  return [date, [two(d.getHours()), two(d.getMinutes()), two(d.getSeconds())]]
}

/** 2026-11-23-15-04-05; a begun second counts as whole, so that nothing before `ms` is left out. */
export function linkDate(ms: number): string {
  const [date, time] = parts(Math.ceil(ms / 1000) * 1000)
  return [date, ...time].join('-')
}

export function parseLinkDate(text: string): number | undefined {
  const match = LINK_DATE.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number)
  const date = new Date(year, month - 1, day, hour, minute, second)
  // a 31st of February is no date, though Date takes it for one in March
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : undefined
}

/** 2026-11-23T15:04:05, the value of a date field */
export function fieldDate(ms: number): string {
  const [date, time] = parts(ms)
  return `${date}T${time.join(':')}`
}

export function parseFieldDate(text: string): number | undefined {
  const ms = new Date(text).getTime()
  return Number.isNaN(ms) ? undefined : ms
}

export function clockTime(ms: number, withSeconds = true): string {
  const time = parts(ms)[1]
  return (withSeconds ? time : time.slice(0, 2)).join(':')
}

/** 15:04:05.123 */
export function preciseTime(ms: number): string {
  return `${clockTime(ms)}.${String(Math.trunc(ms) % 1000).padStart(3, '0')}`
}

/** 2026-11-23 15:04:05 */
export function dateTime(ms: number): string {
  const [date, time] = parts(ms)
  return `${date} ${time.join(':')}`
}

/** 11-23 */
export function monthDay(ms: number): string {
  return parts(ms)[0].slice(5)
}
