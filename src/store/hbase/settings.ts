import type { StoreLog } from '../store.js'
import type { HbaseMetrics } from './metrics.js'

export interface HbaseStoreSettings {
  /** ZooKeeper: host:port,host:port */
  quorum: string
  znodeParent?: string
  /** by table name, for tables that are created; the schema's when absent */
  ttlSeconds?: Record<string, number>
  /** creates tables with the schema's regions; one region each when false */
  splitTables?: boolean
  /** name that HBase sees; it believes it (auth SIMPLE) */
  user?: string
  connectTimeoutMs?: number
  /** ms without a call after which a connection is closed */
  idleTimeoutMs?: number
  /** ms that one call may take */
  callTimeoutMs?: number
  /** ms that one look at ZooKeeper or hbase:meta may take */
  metaTimeoutMs?: number
  /** ms after which a put that is not done is given back to the batcher, and a read fails */
  writeTimeoutMs?: number
  /** ms of silence of a server with calls waiting after which ZooKeeper is asked whether it is alive */
  stallMs?: number
  /** ms that a server remembers an increment: later attempts of unknown outcome would count twice */
  nonceLifeMs?: number
  retryInitialMs?: number
  retryMaxMs?: number
  /** Multi calls to one server that the regions of a batch are dealt out to */
  lanes?: number
  /** bytes of one Multi call */
  maxCallBytes?: number
  maxServerBytes?: number
  maxInFlightBytes?: number
  /** bytes of a value; HBase's hbase.server.keyvalue.maxsize */
  maxValueBytes?: number
  /** where to connect instead of the address that a server announces: for networks that translate addresses */
  translateAddress?: (host: string, port: number) => { host: string; port: number }
  log?: StoreLog
  metrics?: HbaseMetrics
}

export const DEFAULTS = {
  znodeParent: '/hbase',
  ttlSeconds: {} as Record<string, number>,
  splitTables: true,
  user: 'pinpoint',
  connectTimeoutMs: 3_000,
  idleTimeoutMs: 120_000,
  callTimeoutMs: 10_000,
  metaTimeoutMs: 3_000,
  writeTimeoutMs: 10_000,
  stallMs: 1_500,
  // a server's hbase.server.hashNonce.gracePeriod is 30 minutes
  nonceLifeMs: 25 * 60_000,
  retryInitialMs: 20,
  retryMaxMs: 1_000,
  lanes: 4,
  maxCallBytes: 2 * 1024 * 1024,
  maxServerBytes: 8 * 1024 * 1024,
  maxInFlightBytes: 32 * 1024 * 1024,
  // a cell of 10 MiB with its key is what servers take
  maxValueBytes: 10 * 1024 * 1024 - 64 * 1024,
  log: (() => {}) as StoreLog,
}

export type FullSettings = typeof DEFAULTS & HbaseStoreSettings

export function fullSettings(settings: HbaseStoreSettings): FullSettings {
  return { ...DEFAULTS, ...settings }
}
