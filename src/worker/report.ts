import type { MetricObjectWithValues, MetricValue } from 'prom-client'
import type { AgentTraffic } from '../agents.js'

type Metrics = MetricObjectWithValues<MetricValue<string>>[]

/** Counters of a worker, told every second, so that its death does not take them away. */
export interface WorkerTotals {
  /** in memory: they die with the worker */
  messagesInFlight: number
  /** these its successor finds */
  messagesOnDisk: number
  metrics: Metrics
}

/** What one worker tells when it is asked: plain data, fit for a message between processes, and no more than was asked. */
export interface WorkerReports {
  health: { /** why the store does not take rows now */ storeFailure: string | null }
  /** with gauges, and with those of the process */
  metrics: WorkerTotals
  /** with gauges; and by region server, or the store's name, the seconds of its slowest call */
  pipeline: WorkerTotals & { slowest: Record<string, number> }
  agents: { traffic: AgentTraffic[] }
}

export type ReportName = keyof WorkerReports

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
  report<N extends ReportName>(name: N): Promise<WorkerReports[N]>
  /** counters to go on with when report() fails */
  lastMetrics(): WorkerTotals['metrics']
}
