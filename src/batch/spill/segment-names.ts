import { readdirSync } from 'node:fs'

const SUFFIX = '.spill'
const NAME_DIGITS = 12

export function segmentName(number: number): string {
  return `${String(number).padStart(NAME_DIGITS, '0')}${SUFFIX}`
}

/** Names of the segments in a directory, the oldest first; none when there is no directory. */
export function segmentNames(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith(SUFFIX))
      .sort()
  } catch {
    return []
  }
}

export function numberOf(path: string): number {
  return Number(path.slice(-SUFFIX.length - NAME_DIGITS, -SUFFIX.length))
}
