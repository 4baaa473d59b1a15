import type { Accounting } from '../accounting.js'
import { backoff, type BackoffOptions } from '../batch/backoff.js'
import type { WriteObserver } from '../batch/batcher.js'
import { messageOf, StoreError } from '../errors.js'
import type { LimitedWarn } from '../log.js'
import type { Store } from '../store/store.js'
import type { CounterMap } from './counter-map.js'
import type { IncrementBatch } from './increment-batch.js'

/** Writes the merged counters once a period; a flush that failed goes back into the map and is tried with the next. */
export class CounterFlusher {
  private timer: NodeJS.Timeout | undefined
  private flushing: Promise<void> | null = null
  /** deltas taken out of the map and not acknowledged */
  pending = 0
  private notBefore = 0
  private failures = 0

  constructor(
    private readonly store: Store,
    private readonly counters: CounterMap,
    private readonly periodMs: number,
    private readonly retry: BackoffOptions,
    private readonly accounting: Accounting,
    private readonly warn: LimitedWarn,
    private readonly onWrite: WriteObserver = () => {},
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.tick(), this.periodMs)
  }

  private async tick(): Promise<void> {
    if (this.flushing === null && performance.now() >= this.notBefore) await this.flush()
  }

  private flush(): Promise<void> {
    this.flushing = this.write().finally(() => {
      this.flushing = null
    })
    return this.flushing
  }

  private async write(): Promise<void> {
    if (this.counters.size === 0) return
    const batch = this.counters.take()
    const total = deltas(batch)
    this.pending = total
    const started = performance.now()
    try {
      const refusals = await this.store.increment(batch)
      this.onWrite((performance.now() - started) / 1000, true)
      const refused = new Set(refusals.map((r) => r.row))
      for (const refusal of refusals) this.warn('refused', `the store refused a counter row: ${refusal.message}`, { reason: refusal.reason })
      const lost = deltas(batch.filter((_, i) => refused.has(i)))
      this.accounting.counts.stored += total - lost
      this.accounting.counts.dropped += lost
      for (const [i, row] of batch.entries()) if (!refused.has(i)) this.accounting.rowsWritten[row.table]++
      this.failures = 0
    } catch (error) {
      this.onWrite((performance.now() - started) / 1000, false)
      this.failed(batch, total, error)
    }
    this.pending = 0
  }

  private failed(batch: IncrementBatch, total: number, error: unknown): void {
    const retriable = error instanceof StoreError && error.retriable
    this.warn('counters', `statistics not written${retriable ? ', trying again' : ''}: ${messageOf(error)}`, { counters: total, retriable })
    if (!retriable) {
      this.accounting.counts.dropped += total
      return
    }
    this.counters.putBack(batch)
    for (const row of batch) this.accounting.retried(row.table, error.reason, 1)
    const wait = Math.min(this.retry.retryMaxMs, this.retry.retryInitialMs * 2 ** Math.min(this.failures++, 30))
    this.notBefore = performance.now() + wait
  }

  /** Flushes until all is written, or drops and counts what is left after `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    clearInterval(this.timer)
    const end = performance.now() + timeoutMs
    const never = new AbortController().signal
    await this.flushing
    for (let attempt = 0; this.counters.size > 0; attempt++) {
      await this.flush()
      if (this.counters.size === 0) return
      if (performance.now() >= end) {
        const left = deltas(this.counters.take())
        this.accounting.counts.dropped += left
        this.warn('counters', 'statistics dropped: the store did not come back before the stop', { counters: left })
        return
      }
      await backoff(attempt, this.retry, never)
    }
  }
}

function deltas(batch: IncrementBatch): number {
  let sum = 0
  for (const row of batch) for (const column of row.columns) sum += column.delta
  return sum
}
