import type { Accounting } from '../accounting.js'
import type { HbaseMetrics } from './hbase/metrics.js'

/** Calls to one server of the store. */
export interface ServerFigures {
  calls: number
  failures: number
  totalSeconds: number
  maxSeconds: number
}

/** What a store tells of its servers: one entry each, so there are as many as the cluster has had. */
export class StoreFigures implements HbaseMetrics {
  readonly servers = new Map<string, ServerFigures>()

  constructor(private readonly accounting: Accounting) {}

  called(server: string, _method: string, seconds: number, ok: boolean): void {
    let figures = this.servers.get(server)
    if (figures === undefined) {
      figures = { calls: 0, failures: 0, totalSeconds: 0, maxSeconds: 0 }
      this.servers.set(server, figures)
    }
    figures.calls++
    if (!ok) figures.failures++
    figures.totalSeconds += seconds
    figures.maxSeconds = Math.max(figures.maxSeconds, seconds)
  }

  /** Rows are counted when their whole batch is settled. */
  written(): void {}

  retried(tableId: number, reason: string, rows: number): void {
    this.accounting.retried(tableId, reason, rows)
  }
}
