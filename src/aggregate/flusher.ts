import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import type { Accounting } from '../accounting.js'
import { type BackoffOptions, backoff } from '../batch/backoff.js'
import type { WriteObserver } from '../batch/put-retry.js'
import type { Spill } from '../batch/spill/spill.js'
import { messageOf, StoreError } from '../errors.js'
import type { LimitedWarn } from '../log.js'
import type { IncrementId, Refusal, Store } from '../store/store.js'
import { CounterMap } from './counter-map.js'
import { deltas, type Flush } from './flush.js'
import type { IncrementBatch } from './increment-batch.js'
import { appendCounters, appendSent, readCounters } from './spilled-counters.js'

const MAX_RANDOM = 2 ** 47

/**
 * Writes the merged counters once a period; a flush that failed goes back into the map and is tried with the next.
 *
 *   map ──────────────────→ one flush at a time in store.increment()
 *    └→ spill on disk, if there is one ─↗
 *
 * When the store takes too long, or half of the map is used, the counters of each period go to the spill, and the flush
 * that is with the store too: with its nonces, so that a replay after a restart does not count twice. They come back summed
 * up: see spilled-counters.ts.
 */
export class CounterFlusher {
  private timer: NodeJS.Timeout | undefined
  private flushing: Promise<void> | null = null
  /** deltas taken out of the map or read back from disk, and not acknowledged */
  pending = 0
  private current: Flush | null = null
  private readonly group = randomInt(1, MAX_RANDOM)
  private nonce = randomInt(1, MAX_RANDOM)
  private notBefore = 0
  private failures = 0
  private failingSince = Infinity
  private closing = false
  private closed = false
  private readonly leaving = new AbortController()

  constructor(
    private readonly store: Store,
    private readonly counters: CounterMap,
    private readonly periodMs: number,
    private readonly retry: BackoffOptions,
    private readonly accounting: Accounting,
    private readonly warn: LimitedWarn,
    private readonly onWrite: WriteObserver = () => {},
    private readonly spill: Spill | null = null,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.tick(), this.periodMs)
  }

  private async tick(): Promise<void> {
    this.overflow()
    if (this.flushing === null && performance.now() >= this.notBefore) await this.flush()
  }

  private flush(): Promise<void> {
    this.flushing = this.write().finally(() => {
      this.flushing = null
    })
    return this.flushing
  }

  /** One flush, and all that stands on disk. */
  private async write(): Promise<void> {
    do {
      this.current ??= (await this.readBack()) ?? this.fromMap()
      if (this.current === null || this.closed || !(await this.send(this.current))) return
    } while (this.behindSpill)
  }

  private fromMap(): Flush | null {
    if (this.counters.size === 0) return null
    const batch = this.counters.take()
    return this.taken({ batch, id: this.newId(batch), deltas: deltas(batch), since: 0, places: [] })
  }

  private async readBack(): Promise<Flush | null> {
    if (this.spill === null) return null
    const found = await readCounters(this.spill.counters, new CounterMap(Infinity, this.accounting, Date.now))
    if (found === null) return null
    const { batch, places } = found
    const flush = { batch, id: found.id ?? this.newId(batch), deltas: deltas(batch), since: 0, places }
    if (found.whole) return this.taken(flush)
    this.drop(flush, 'the spill is damaged, and nobody knows which of them the store has')
    return this.readBack()
  }

  private drop(flush: Flush, why: string): void {
    this.warn('counters', `statistics dropped: ${why}`, { counters: flush.deltas })
    this.accounting.counts.dropped += flush.deltas
    this.done(flush)
  }

  private taken(flush: Flush): Flush {
    this.pending = flush.deltas
    return flush
  }

  private newId(batch: IncrementBatch): IncrementId {
    const first = this.nonce
    this.nonce += batch.length
    return { group: this.group, first, sentAt: 0 }
  }

  /** @returns whether the store has answered */
  private async send(flush: Flush): Promise<boolean> {
    const { batch, id } = flush
    const earlier = id.sentAt
    flush.since = performance.now()
    let refusals: Refusal[]
    try {
      if (earlier === 0) this.sending(flush)
      refusals = await this.store.increment(batch, { ...id, sentAt: earlier })
    } catch (error) {
      this.onWrite((performance.now() - flush.since) / 1000, false)
      if (!this.closed) this.failed(flush, earlier, error)
      return false
    }
    this.onWrite((performance.now() - flush.since) / 1000, true)
    if (!this.closed) this.written(flush, refusals)
    return true
  }

  /** From now on nobody knows what the store has of it; throws when the disk cannot say so to a next process. */
  private sending({ id, places }: Flush): void {
    id.sentAt = Date.now()
    if (places.length === 0) return
    try {
      this.spill?.counters.sending(places, id)
    } catch (error) {
      throw new StoreError('spill', `not sent, for the spill cannot be written: ${messageOf(error)}`, true)
    }
  }

  /** The store has nothing of the last attempt. @param earlier ms since when nobody knows; 0: there was none before */
  private notSent({ id, places }: Flush, earlier: number): void {
    id.sentAt = earlier
    if (earlier === 0) this.spill?.counters.notSent(places[0])
  }

  private written(flush: Flush, refusals: readonly Refusal[]): void {
    const { batch } = flush
    const refused = new Set(refusals.map((r) => r.row))
    for (const refusal of refusals)
      this.warn('refused', `the store refused a counter row: ${refusal.message}`, { reason: refusal.reason })
    const lost = deltas(batch.filter((_, i) => refused.has(i)))
    this.accounting.counts.stored += flush.deltas - lost
    this.accounting.counts.dropped += lost
    for (const [i, row] of batch.entries()) if (!refused.has(i)) this.accounting.rowsWritten[row.table]++
    this.failures = 0
    this.failingSince = Infinity
    this.done(flush)
  }

  private done(flush: Flush): void {
    this.current = null
    this.pending = 0
    if (flush.places.length === 0) return
    this.spill?.counters.ack(flush.places)
    this.spill?.changed()
  }

  private failed(flush: Flush, earlier: number, error: unknown): void {
    if (!(error instanceof StoreError && error.retriable)) {
      this.drop(flush, messageOf(error))
      return
    }
    this.warn('counters', `statistics not written, trying again: ${error.message}`, { counters: flush.deltas })
    if (flush.places.length === 0) {
      this.done(flush)
      this.counters.putBack(flush.batch)
    } else this.notSent(flush, earlier)
    for (const row of flush.batch) this.accounting.retried(row.table, error.reason, 1)
    const now = performance.now()
    this.failingSince = Math.min(this.failingSince, now)
    const wait = Math.min(this.retry.retryMaxMs, this.retry.retryInitialMs * 2 ** Math.min(this.failures++, 30))
    this.notBefore = now + wait
  }

  /** Whether counters on disk wait to be written. */
  private get behindSpill(): boolean {
    return this.spill !== null && this.spill.counters.unread > 0
  }

  private get stalled(): boolean {
    const latest = performance.now() - (this.spill?.afterMs ?? Infinity)
    return this.failingSince <= latest || (this.current !== null && this.current.since <= latest)
  }

  /** Moves memory to disk when it has to. */
  private overflow(): void {
    if (this.spill === null || !(this.behindSpill || this.stalled || this.counters.crowded)) return
    if (this.unload(this.spill) && this.closing) this.leaving.abort()
  }

  /** Moves everything to disk. @returns whether nothing is left in memory alone */
  private unload(spill: Spill): boolean {
    const { current, counters } = this
    try {
      // what the store has must be the first on disk: only the first may have been sent before
      if (current !== null && current.places.length === 0 && !this.behindSpill)
        current.places = [appendSent(spill.counters, current)]
      if (counters.size > 0) this.unloadMap(spill)
    } catch (error) {
      this.warn('spill', `counters cannot go to disk: ${messageOf(error)}; look at the disk of spill.dir`)
    }
    spill.changed()
    return counters.size === 0 && (this.current === null || this.current.places.length > 0)
  }

  private unloadMap(spill: Spill): void {
    const batch = this.counters.take()
    try {
      appendCounters(spill.counters, batch)
    } catch (error) {
      this.counters.putBack(batch)
      throw error
    }
  }

  /** Flushes until all is written or on disk; drops and counts what is in memory alone after `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    const { signal } = this.leaving
    this.closing = true
    const timer = setTimeout(() => this.leaving.abort(), timeoutMs)
    this.overflow()
    if (!signal.aborted) await Promise.race([this.drain(signal), once(signal, 'abort')])
    clearTimeout(timer)
    clearInterval(this.timer)
    this.closed = true
    if (this.spill !== null && this.unload(this.spill)) {
      this.pending = 0
      return
    }
    const inMemory = this.current?.places.length === 0 ? this.pending : 0
    const left = inMemory + deltas(this.counters.take())
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
