import type { SpillReport } from '../batch/spill/spill.js'
import type { DescribedSetting } from '../config/describe.js'

/** One condition of readiness. */
export interface HealthCheck {
  /** store, tables, receivers, workers … */
  name: string
  ok: boolean
  /** what is wrong and what to do: always when not ok, and when something should be mended that stops nothing */
  reason?: string
}

export interface HealthReport {
  /** all checks are ok */
  ready: boolean
  checks: HealthCheck[]
  /** more figures of the store */
  details?: Record<string, unknown>
}

/** What came from one agent. Times are ms since 1970, or null for never. */
export interface AgentReport {
  agentId: string
  applicationName: string
  /** start time of the agent, null while it is not known */
  startTimestamp: number | null
  remoteAddress: string
  /** of the newest connection */
  connectedSince: number | null
  /** null while it is connected */
  disconnectedAt: number | null
  lastSeen: number | null
  /** messages by port */
  received: { tcp: number; stat: number; span: number }
  lastReceived: { tcp: number | null; stat: number | null; span: number | null }
  rejected: number
  /** such as "connected but no UDP seen", with what to do */
  warnings: string[]
}

export interface TableReport {
  table: string
  rowsWritten: number
  rowsRetried: number
}

export interface ServerReport {
  /** region server, or the name of the store */
  server: string
  writes: number
  failures: number
  meanMs: number
  /** of the workers that live: a dead one takes its slowest call along */
  maxMs: number
}

/** Queues and writes of all workers, and what those wrote and dropped that have died. */
export interface PipelineReport {
  /** that answer */
  workers: number
  queueBytes: number
  queueMaxBytes: number
  batchesInFlight: number
  messagesInFlight: number
  /** messages lost, by `stage/reason`; zeros left out */
  dropped: Record<string, number>
  /** on disk while the store is slow or away */
  spill: SpillReport
  tables: TableReport[]
  servers: ServerReport[]
  details?: Record<string, unknown>
}

/** Where agents reach a collector. */
export interface Listening {
  /** what the host calls itself */
  hostName: string
  /** ports that were bound */
  tcp: number
  stat: number
  span: number
}

/** All that the HTTP pages show; the collector implements it for one process or for a cluster. */
export interface Introspection {
  /** Prometheus text of all workers added up */
  metricsText(): Promise<string>
  health(): Promise<HealthReport>
  agents(): Promise<AgentReport[]>
  pipeline(): Promise<PipelineReport>
  /** from describeSettings: secrets are masked there */
  config(): Promise<DescribedSetting[]>
  /** null until the ports are bound */
  listening(): Listening | null
}
