import type { MetricObjectWithValues, MetricValue } from 'prom-client'
import type { AgentTraffic } from '../agents.js'
import type { SpillReport } from '../batch/spill/spill.js'

type Metrics = MetricObjectWithValues<MetricValue<string>>[]

/** Counters of a worker, told every second, so that its death does not take them away. */
export interface WorkerTotals {
  /** in memory: they die with the worker */
  messagesInFlight: number
  /** these its successor finds */
  messagesOnDisk: number
  metrics: Metrics
}

/** What one worker tells of itself: plain data, fit for a message between processes. */
export interface WorkerReport {
  metrics: Metrics
  traffic: AgentTraffic[]
  queueBytes: number
  queueMaxBytes: number
  batchesInFlight: number
  messagesInFlight: number
  /** messages, by `stage/reason`; zeros left out */
  dropped: Record<string, number>
  /** by Table.id */
  rowsWritten: number[]
  rowsRetried: number[]
  writes: { count: number; failures: number; totalSeconds: number; maxSeconds: number }
  /** why the store does not take rows now */
  storeFailure: string | null
  spill: SpillReport
}

/** A worker as its supervisor sees it. */
export interface WorkerHandle {
  report(): Promise<WorkerReport>
}
