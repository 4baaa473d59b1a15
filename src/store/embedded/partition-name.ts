import type { RetentionClass } from './layout.js'

// A partition is one LMDB file: <class>/<first ms of its period>-<hours of the period>h-<number in the period>.mdb

/** Which writes a partition file holds. */
export interface PartitionName {
  retention: RetentionClass
  /** ms; time of writing of its rows is in [start, end) */
  start: number
  end: number
  /** a full file is followed by the next number of the same period */
  number: number
}

const HOUR_MS = 3600_000
const MAX_PERIOD_HOURS = 30 * 24
/** Expiry removes whole files: space is held for at most this part of the TTL too long. */
const PERIODS_PER_TTL = 8
const FILE = /^(\d{1,15})-(\d{1,3})h-(\d{1,6})\.mdb$/

/** Hours in a period for a class whose data lives that long. */
export function periodHours(ttlSeconds: number): number {
  return Math.min(MAX_PERIOD_HOURS, Math.max(1, Math.floor(ttlSeconds / 3600 / PERIODS_PER_TTL)))
}

/** The first partition of the period that `now` (ms) is in. */
export function partitionAt(retention: RetentionClass, hours: number, now: number): PartitionName {
  const length = hours * HOUR_MS
  const start = Math.floor(now / length) * length
  return { retention, start, end: start + length, number: 0 }
}

export function fileName(p: PartitionName): string {
  return `${p.start}-${(p.end - p.start) / HOUR_MS}h-${p.number}.mdb`
}

/** What a file name says, or undefined when it is no partition's. */
export function parseFileName(retention: RetentionClass, name: string): PartitionName | undefined {
  const m = FILE.exec(name)
  if (m === null) return undefined
  const start = Number(m[1])
  return { retention, start, end: start + Number(m[2]) * HOUR_MS, number: Number(m[3]) }
}

/** Oldest first. */
export function comparePartitions(a: PartitionName, b: PartitionName): number {
  return a.start - b.start || a.end - b.end || a.number - b.number
}
