// Sizes and durations as people write them: 64MiB, 1GiB, 500ms, 7d.

const BYTE_UNITS: Record<string, number> = {
  b: 1,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
}

const MS_UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** The longest time that HBase can hold as a TTL ("FOREVER"), seconds. */
export const FOREVER_SECONDS = 2 ** 31 - 1

export const KIB = 2 ** 10
export const MIB = 2 ** 20
export const GIB = 2 ** 30
export const TIB = 2 ** 40

function parseQuantity(text: string, units: Record<string, number>, plain: number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text)
  if (match === null) return undefined
  const unit = match[2] === '' ? plain : units[match[2].toLowerCase()]
  if (unit === undefined) return undefined
  const value = Number(match[1]) * unit
  return Number.isSafeInteger(value) ? value : undefined
}

/** A whole number of decimal digits; undefined when the text is none. */
export function parseWhole(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Bytes of `64MiB`, `1GiB`, `500kB` or a plain number. */
export function parseBytes(text: string): number | undefined {
  return parseQuantity(text, BYTE_UNITS, 1)
}

/** Milliseconds of `500ms`, `1s`, `5m`, `7d`; a plain number is in milliseconds. */
export function parseMs(text: string): number | undefined {
  return parseQuantity(text, MS_UNITS, 1)
}

/** Seconds of `60s`, `7d`, `forever`; a plain number is in seconds. */
export function parseSeconds(text: string): number | undefined {
  if (text.toLowerCase() === 'forever') return FOREVER_SECONDS
  const ms = parseQuantity(text, MS_UNITS, 1000)
  return ms === undefined || ms % 1000 !== 0 ? undefined : ms / 1000
}

function formatIn(value: number, units: [string, number][]): string {
  for (const [name, size] of units) {
    if (value >= size && value % size === 0) return `${value / size}${name}`
  }
  return `${value}${units[units.length - 1][0]}`
}

/** The shortest exact text that parseBytes reads back. */
export function formatBytes(value: number): string {
  if (value < KIB || value % KIB !== 0) return String(value)
  return formatIn(value, [
    ['TiB', TIB],
    ['GiB', GIB],
    ['MiB', MIB],
    ['KiB', KIB],
  ])
}

/** The shortest exact text that parseMs reads back. */
export function formatMs(value: number): string {
  return formatIn(value, [
    ['d', MS_UNITS.d],
    ['h', MS_UNITS.h],
    ['m', MS_UNITS.m],
    ['s', MS_UNITS.s],
    ['ms', 1],
  ])
}

/** The shortest exact text that parseSeconds reads back. */
export function formatSeconds(value: number): string {
  return value === FOREVER_SECONDS ? 'forever' : formatMs(value * 1000)
}
