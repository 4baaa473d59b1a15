import type { MetricObjectWithValues, MetricValue } from 'prom-client'
import type { AgentTraffic } from '../agents.js'
import type { SpillReport } from '../batch/spill/spill.js'
import type { ServerFigures } from '../store/store-figures.js'

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
  /** by region server, or the store's name */
  servers: Record<string, ServerFigures>
  /** why the store does not take rows now */
  storeFailure: string | null
  spill: SpillReport
}

/** What is left of a worker when it dies. */
export function totalsOf({ messagesInFlight, messagesOnDisk, metrics }: WorkerTotals): WorkerTotals {
  const kept = metrics
    // gauges end with the worker, and the kernel goes on counting for its successor
    .filter((m) => m.name.startsWith('pinpoint_') && String(m.type) !== 'gauge' && !m.name.includes('kernel'))
    .map((m) => ({ ...m, values: m.values.filter((v) => v.labels.stage !== 'kernel') }))
  return { messagesInFlight, messagesOnDisk, metrics: kept }
}

/** A worker as its supervisor sees it. */
export interface WorkerHandle {
  report(): Promise<WorkerReport>
  /** counters to go on with when report() fails */
  lastMetrics(): WorkerTotals['metrics']
}
