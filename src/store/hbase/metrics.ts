/** What the store tells whoever counts; all calls are cheap and never throw. */
export interface HbaseMetrics {
  /** one call to a region server ended; `ok` is false when it failed as a whole */
  called(server: string, method: 'Multi' | 'Scan', seconds: number, ok: boolean): void
  /** rows of a table acknowledged by one call */
  written(tableId: number, rows: number): void
  /** rows of a table that have to be written again, by reason */
  retried(tableId: number, reason: string, rows: number): void
}

export const NO_METRICS: HbaseMetrics = { called: () => {}, written: () => {}, retried: () => {} }
