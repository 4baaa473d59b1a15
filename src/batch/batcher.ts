import type { Accounting } from '../accounting.js'
import { messageOf, StoreError } from '../errors.js'
import type { LimitedWarn } from '../log.js'
import { RowBatch } from '../row/row-batch.js'
import type { Store } from '../store/store.js'
import type { BatcherOptions } from './batcher-options.js'
import { PutRetry, type WriteObserver } from './put-retry.js'
import { Settlement } from './settlement.js'
import { appendBatch, appendTakenBatch, readBatches } from './spill/batch-records.js'
import type { Place } from './spill/place.js'
import type { Spill } from './spill/spill.js'

/** A batch in the hands of the store. */
interface Writing {
  batch: RowBatch
  since: number
  /** its bytes in the queue; 0 when it stands on disk */
  queuedBytes: number
  /** where it stands on disk, in parts */
  places: Place[]
}

/** Batches that are being written at the same time. */
const MAX_IN_FLIGHT = 2
/** Metadata over TCP is sent once per agent run: it may use this much more than the queue. */
const TCP_RESERVE_BYTES = 16 * 1024 * 1024

/**
 * Collects the rows of messages into batches and writes them, again and again while the store is away.
 *
 *   open batch → queue of full batches ────────────→ at most MAX_IN_FLIGHT in store.put()
 *                       └→ spill on disk, if there is one ─↗
 *
 * When the store takes too long for a batch, or half of the queue is used, everything goes to the spill, also what is in
 * the hands of the store; and as long as the spill has something unread, new batches go behind it.
 */
export class Batcher {
  /** where the next message's rows go */
  open = new RowBatch()
  private readonly queue: RowBatch[] = []
  private readonly free: RowBatch[] = []
  private queuedBytes = 0
  private readonly writing = new Set<Writing>()
  private reading = false
  private closing = false
  private readonly settlement: Settlement
  private readonly retry: PutRetry
  private timer: NodeJS.Timeout | undefined
  private idle: (() => void)[] = []
  private giveUp = new AbortController()
  /** the open batch is to be sent when the store has time */
  private due = false

  constructor(
    store: Store,
    readonly options: BatcherOptions,
    accounting: Accounting,
    private readonly warn: LimitedWarn,
    onWrite: WriteObserver = () => {},
    private readonly spill: Spill | null = null,
  ) {
    this.settlement = new Settlement(accounting, warn)
    this.retry = new PutRetry(store, options, this.settlement, warn, onWrite)
  }

  start(): void {
    this.timer = setInterval(() => this.tick(), this.options.flushIntervalMs)
    this.next()
  }

  /** While the store is busy the open batch goes on filling: many small ones would take far more memory than their rows. */
  private sealSoon(): void {
    if (this.writing.size < MAX_IN_FLIGHT || this.spilling) this.seal()
    else this.due = true
  }

  private tick(): void {
    this.sealSoon()
    this.overflow()
    // a disk that was full may have room again, and what was left waiting goes on
    this.next()
  }

  /** Bytes of rows in memory, without those of the batches that were read back from disk. */
  get bytes(): number {
    return this.queuedBytes + this.open.bytes
  }

  get batchesInFlight(): number {
    return this.writing.size
  }

  get batchesQueued(): number {
    return this.queue.length
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
    if (this.writing.size === 0) setImmediate(() => this.seal())
  }

  /** Sends what is open. */
  seal(): void {
    this.due = false
    const batch = this.open
    if (batch.messageCount === 0) return
    this.open = this.free.pop() ?? new RowBatch()
    this.queuedBytes += batch.bytes
    this.queue.push(batch)
    this.overflow()
    this.next()
  }

  /** Whether something on disk waits to be written; what comes now must go behind it. */
  private get behindSpill(): boolean {
    return this.spill !== null && (this.reading || this.spill.puts.unread > 0)
  }

  private next(): void {
    while (this.writing.size < MAX_IN_FLIGHT && !this.reading && !this.giveUp.signal.aborted) {
      if (this.behindSpill) void this.replay()
      else if (this.queue.length > 0) {
        const batch = this.queue.shift()!
        void this.write({ batch, since: performance.now(), queuedBytes: batch.bytes, places: [] })
      } else return
    }
  }

  private async write(writing: Writing): Promise<void> {
    const { batch } = writing
    const size = batch.bytes
    this.writing.add(writing)
    let finish: () => void
    try {
      const refusals = await this.retry.put(batch, this.giveUp.signal)
      finish = () => this.settlement.stored(batch, refusals)
    } catch (error) {
      finish = () => this.settlement.dropped(batch, error)
    }
    // given up by close()
    if (!this.writing.delete(writing)) return
    this.queuedBytes -= writing.queuedBytes
    finish()
    if (writing.places.length > 0) {
      this.spill?.puts.ack(writing.places)
      this.spill?.changed()
    }
    this.release(batch, size)
    if (this.due) this.seal()
    this.next()
    if (this.writing.size === 0 && !this.reading) this.idled()
  }

  private idled(): void {
    for (const done of this.idle.splice(0)) done()
  }

  private release(batch: RowBatch, size: number): void {
    batch.reset()
    if (this.free.length < MAX_IN_FLIGHT && size <= 2 * this.options.maxBatchBytes) this.free.push(batch)
  }

  /** Reads back what stands first on disk, up to the size of a batch, and gives it to the store. */
  private async replay(): Promise<void> {
    const batch = this.free.pop() ?? new RowBatch()
    this.reading = true
    const places = await readBatches(this.spill!.puts, batch, this.options.maxBatchBytes)
    this.reading = false
    if (this.giveUp.signal.aborted) return this.idled()
    if (places.length > 0) void this.write({ batch, since: performance.now(), queuedBytes: 0, places })
    this.spill?.changed()
    this.next()
  }

  /** The store has had a batch for too long. */
  private get stalled(): boolean {
    const latest = performance.now() - (this.spill?.afterMs ?? Infinity)
    for (const { since } of this.writing) if (since <= latest) return true
    return false
  }

  /** Whether rows go to disk now. */
  private get spilling(): boolean {
    return this.spill !== null && (this.behindSpill || this.stalled)
  }

  /** Moves memory to disk when it has to. */
  private overflow(): void {
    if (this.spill === null) return
    if (this.spilling || 2 * this.queuedBytes > this.options.maxQueueBytes) this.unload(this.spill)
  }

  /** Moves everything to disk; what the disk does not take stays. */
  private unload(spill: Spill): void {
    try {
      // a batch that the store has can only be written down as one that was read; else it stands there already
      if (!this.behindSpill) for (const writing of this.writing) this.writeDown(spill, writing)
      while (this.queue.length > 0) {
        const batch = this.queue[0]
        appendBatch(spill.puts, batch)
        this.queue.shift()
        this.queuedBytes -= batch.bytes
        this.settlement.safe(batch)
        this.release(batch, batch.bytes)
      }
    } catch (error) {
      this.warn(
        'spill',
        `rows cannot go to disk and wait in memory: ${messageOf(error)}; look at the disk of spill.dir`,
      )
    }
    spill.changed()
    if (this.closing) this.leave()
  }

  private writeDown(spill: Spill, writing: Writing): void {
    if (writing.places.length > 0) return
    const { batch } = writing
    writing.places.push(appendTakenBatch(spill.puts, batch))
    this.queuedBytes -= writing.queuedBytes
    writing.queuedBytes = 0
    this.settlement.safe(batch)
  }

  /**
   * Sends everything and waits for it. What the store has not taken after `timeoutMs`, or as soon as it is stalled, is
   * left on disk; without a spill it is dropped and counted.
   */
  async close(timeoutMs: number): Promise<void> {
    this.closing = true
    this.seal()
    this.overflow()
    if (this.writing.size > 0 || this.reading) {
      const timer = setTimeout(() => this.outOfTime(), timeoutMs)
      await new Promise<void>((resolve) => this.idle.push(resolve))
      clearTimeout(timer)
    }
    clearInterval(this.timer)
  }

  private outOfTime(): void {
    if (this.spill !== null) this.unload(this.spill)
    this.abandon()
  }

  /** Ends without waiting for what is on disk; it must be all there is. */
  private leave(): void {
    if (this.queue.length > 0) return
    for (const { places } of this.writing) if (places.length === 0) return
    this.abandon()
  }

  /** Drops what waits for the store, and what it was given and has not answered. */
  private abandon(): void {
    const error = this.retry.failing ?? new StoreError('failed', 'the store did not answer before the stop', true)
    const left = [...this.writing].filter(({ places }) => places.length === 0).map(({ batch }) => batch)
    left.push(...this.queue.splice(0))
    this.writing.clear()
    this.queuedBytes = 0
    this.giveUp.abort()
    for (const batch of left) this.settlement.dropped(batch, error)
    if (!this.reading) this.idled()
  }
}
