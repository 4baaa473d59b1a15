import type { StoreLog } from '../store.js'

export interface EmbeddedStoreSettings {
  /** directory of the store; created when it is missing, except for reading only */
  dataDir: string
  /** by table name; what is missing: 7 days for traces, the schema's for the others */
  ttlSeconds?: Record<string, number>
  /** bytes on disk; above it the oldest partitions are removed */
  maxSizeBytes?: number
  /** bytes of one partition file after which the next is begun; a part of maxSizeBytes when absent */
  maxPartitionBytes?: number
  /** bytes of mapped pages of its files in this process after which they are given back */
  maxMappedBytes?: number
  readOnly?: boolean
  /** removes what is expired or too much; exactly one process of a store should */
  maintain?: boolean
  /** ms; for tests */
  now?: () => number
  log?: StoreLog
}

/** Number of partitions that maxSizeBytes is divided into. */
const SIZE_SHARES = 16
export const MIN_PARTITION_BYTES = 1024 * 1024
const MAX_PARTITION_BYTES = 8 * 1024 ** 3
export const DEFAULT_MAX_MAPPED_BYTES = 96 * 1024 * 1024

/** Bytes of a partition file after which the next is begun. */
export function partitionBytes(settings: EmbeddedStoreSettings): number {
  if (settings.maxPartitionBytes !== undefined) return settings.maxPartitionBytes
  const share = (settings.maxSizeBytes ?? Number.POSITIVE_INFINITY) / SIZE_SHARES
  return Math.min(MAX_PARTITION_BYTES, Math.max(MIN_PARTITION_BYTES, share))
}
