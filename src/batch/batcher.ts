import type { Accounting } from '../accounting.js'
import { StoreError } from '../errors.js'
import type { LimitedWarn } from '../log.js'
import type { RowBatch } from '../row/row-batch.js'
import type { Store } from '../store/store.js'
import type { BatcherOptions } from './batcher-options.js'
import { HeldBatches, type Writing } from './held-batches.js'
import { PutRetry, type WriteObserver } from './put-retry.js'
import { Settlement } from './settlement.js'
import { Overflow } from './spill/overflow.js'
import type { Spill } from './spill/spill.js'

/** Batches that are being written at the same time. */
const MAX_IN_FLIGHT = 2
/** Metadata over TCP is sent once per agent run: it may use this much more than the queue. */
const TCP_RESERVE_BYTES = 16 * 1024 * 1024

/**
 * Collects the rows of messages into batches and writes them, again and again while the store is away.
 *
 *   open batch → queue of full batches ───────────────────→ at most MAX_IN_FLIGHT in store.put()
 *                       └→ overflow to disk, if there is one ─↗
 *
 * When the store takes too long for a batch, or half of the queue is used, everything goes to disk, also what is in
 * the hands of the store; and as long as the disk has something unread, new batches go behind it.
 */
export class Batcher {
  /** where the next message's rows go */
  open: RowBatch
  private readonly held: HeldBatches
  private readonly overflow: Overflow | null
  private readonly settlement: Settlement
  private readonly retry: PutRetry
  private closing = false
  private timer: NodeJS.Timeout | undefined
  private idle: (() => void)[] = []
  private giveUp = new AbortController()
  /** the open batch is to be sent when the store has time */
  private due = false

  constructor(
    store: Store,
    readonly options: BatcherOptions,
    accounting: Accounting,
    warn: LimitedWarn,
    onWrite: WriteObserver = () => {},
    spill: Spill | null = null,
  ) {
    this.settlement = new Settlement(accounting, warn)
    this.retry = new PutRetry(store, options, this.settlement, warn, onWrite)
    this.held = new HeldBatches(options.maxBatchBytes, options.maxQueueBytes)
    this.open = this.held.empty()
    this.overflow = spill === null ? null : new Overflow(spill, this.held, options, this.settlement, warn)
  }

  start(): void {
    this.timer = setInterval(() => this.tick(), this.options.flushIntervalMs)
    this.next()
  }

  private tick(): void {
    // while the store is busy the open batch goes on filling: many small ones would take far more memory than their rows
    if (this.batchesInFlight < MAX_IN_FLIGHT || this.overflow?.active) this.seal()
    else this.due = true
    this.held.shrink()
    this.relieve()
    // a disk that was full may have room again, and what was left waiting goes on
    this.next()
  }

  /** Bytes of rows in memory, without those of the batches that were read back from disk. */
  get bytes(): number {
    return this.held.bytes + this.open.bytes
  }

  get batchesInFlight(): number {
    return this.held.writing.size
  }

  get batchesQueued(): number {
    return this.held.waiting.length
  }

  /** Why the store does not take rows now, or null. */
  get failure(): string | null {
    return this.retry.failing?.message ?? null
  }

  /** Whether a datagram still has room. */
  get full(): boolean {
    return this.bytes >= this.options.maxQueueBytes
  }

  /** Whether a TCP message still has room. */
  get fullForTcp(): boolean {
    return this.bytes >= this.options.maxQueueBytes + TCP_RESERVE_BYTES
  }

  /** To be called after each message: sends the batch when it is large enough. */
  appended(): void {
    if (this.open.bytes >= this.options.maxBatchBytes) this.seal()
  }

  /** Somebody waits for the rows just appended: sends them as soon as no other batch is on its way. */
  hurry(): void {
    if (this.due) return
    this.due = true
    if (this.batchesInFlight === 0) setImmediate(() => this.seal())
  }

  /** Sends what is open. */
  seal(): void {
    this.due = false
    if (this.open.messageCount === 0) return
    this.held.push(this.open)
    this.open = this.held.empty()
    this.relieve()
    this.next()
  }

  private relieve(): void {
    if (this.overflow?.relieve()) this.left()
  }

  private next(): void {
    const { held, overflow } = this
    if (this.giveUp.signal.aborted) return
    if (overflow?.waits) {
      if (overflow.readable) void this.replay(overflow)
      return
    }
    while (this.batchesInFlight < MAX_IN_FLIGHT) {
      const writing = held.begin()
      if (writing === null) return
      void this.write(writing)
    }
  }

  private async replay(overflow: Overflow): Promise<void> {
    const writing = await overflow.readBack(this.giveUp.signal)
    if (this.giveUp.signal.aborted) return this.idled()
    if (writing !== null) void this.write(writing)
    this.next()
  }

  private async write(writing: Writing): Promise<void> {
    const { batch } = writing
    let finish: () => void
    try {
      const refusals = await this.retry.put(batch, this.giveUp.signal)
      finish = () => this.settlement.stored(batch, refusals)
    } catch (error) {
      finish = () => this.settlement.dropped(batch, error)
    }
    // given up by close()
    if (!this.held.end(writing)) return
    finish()
    if (writing.places.length > 0) this.overflow?.written(writing)
    else this.held.reuse(batch)
    if (this.due) this.seal()
    this.next()
    this.idled()
  }

  /** Tells who waits for it that nothing is on its way any more. */
  private idled(): void {
    if (this.batchesInFlight > 0 || this.overflow?.reading) return
    for (const done of this.idle.splice(0)) done()
  }

  /**
   * Sends everything and waits for it. What the store has not taken after `timeoutMs`, or as soon as it is stalled, is
   * left on disk; without a disk it is dropped and counted.
   */
  async close(timeoutMs: number): Promise<void> {
    this.closing = true
    this.seal()
    this.relieve()
    if (this.batchesInFlight > 0 || this.overflow?.reading) {
      const timer = setTimeout(() => this.outOfTime(), timeoutMs)
      await new Promise<void>((resolve) => this.idle.push(resolve))
      clearTimeout(timer)
    }
    clearInterval(this.timer)
  }

  private outOfTime(): void {
    this.overflow?.unload()
    this.abandon()
  }

  /** Everything has gone to disk, as far as it took it: then there is nothing to wait for. */
  private left(): void {
    if (this.closing && !this.held.unsafe) this.abandon()
  }

  /** Drops what waits for the store, and what it was given and has not answered, unless it is on disk. */
  private abandon(): void {
    const error = this.retry.failing ?? new StoreError('failed', 'the store did not answer before the stop', true)
    const inMemory = this.held.abandon()
    this.giveUp.abort()
    for (const batch of inMemory) this.settlement.dropped(batch, error)
    this.idled()
  }
}
