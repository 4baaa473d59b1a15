import { once } from 'node:events'
import type { Accounting } from '../accounting.js'
import { type BackoffOptions, backoff } from '../batch/backoff.js'
import type { WriteObserver } from '../batch/batcher.js'
import { messageOf, StoreError } from '../errors.js'
import type { LimitedWarn } from '../log.js'
import type { Refusal, Store } from '../store/store.js'
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
  private closed = false

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
    let refusals: Refusal[]
    try {
      refusals = await this.store.increment(batch)
    } catch (error) {
      this.onWrite((performance.now() - started) / 1000, false)
      if (!this.closed) this.failed(batch, total, error)
      return
    }
    this.onWrite((performance.now() - started) / 1000, true)
    if (!this.closed) this.written(batch, total, refusals)
  }

  private written(batch: IncrementBatch, total: number, refusals: readonly Refusal[]): void {
    const refused = new Set(refusals.map((r) => r.row))
    for (const refusal of refusals)
      this.warn('refused', `the store refused a counter row: ${refusal.message}`, { reason: refusal.reason })
    const lost = deltas(batch.filter((_, i) => refused.has(i)))
    this.pending = 0
    this.accounting.counts.stored += total - lost
    this.accounting.counts.dropped += lost
    for (const [i, row] of batch.entries()) if (!refused.has(i)) this.accounting.rowsWritten[row.table]++
    this.failures = 0
  }

  private failed(batch: IncrementBatch, total: number, error: unknown): void {
    this.pending = 0
    const retriable = error instanceof StoreError && error.retriable
    this.warn('counters', `statistics not written${retriable ? ', trying again' : ''}: ${messageOf(error)}`, {
      counters: total,
      retriable,
    })
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
    const giveUp = new AbortController()
    const timer = setTimeout(() => giveUp.abort(), timeoutMs)
    await Promise.race([this.drain(giveUp.signal), once(giveUp.signal, 'abort')])
    clearTimeout(timer)
    this.closed = true
    const left = this.pending + deltas(this.counters.take())
    this.pending = 0
    if (left === 0) return
    this.accounting.counts.dropped += left
    this.warn('counters', 'statistics dropped: the store did not come back before the stop', { counters: left })
  }

  private async drain(signal: AbortSignal): Promise<void> {
    await this.flushing
    for (let attempt = 0; this.counters.size > 0 && !signal.aborted; attempt++) {
      await this.flush()
      if (this.counters.size > 0) await backoff(attempt, this.retry, signal)
    }
  }
}

function deltas(batch: IncrementBatch): number {
  let sum = 0
  for (const row of batch) for (const column of row.columns) sum += column.delta
  return sum
}
