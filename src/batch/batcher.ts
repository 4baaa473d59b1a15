import type { Accounting } from '../accounting.js'
import type { DropName } from '../drop-reasons.js'
import { messageOf, StoreError } from '../errors.js'
import type { LimitedWarn } from '../log.js'
import { ROW_INTS, ROW_MESSAGE, ROW_TABLE, RowBatch } from '../row/row-batch.js'
import type { Refusal, Store } from '../store/store.js'
import { type BackoffOptions, backoff } from './backoff.js'
import { readPut, writePut } from './spill/put-record.js'
import type { Spill } from './spill/spill.js'
import type { Place } from './spill/spill-queue.js'
import { PUT } from './spill/spill-record.js'

export interface BatcherOptions extends BackoffOptions {
  /** ms that a row waits at the most before its batch is sent */
  flushIntervalMs: number
  /** bytes at which a batch is sent at once */
  maxBatchBytes: number
  /** bytes of rows, waiting and in flight, above which messages are refused */
  maxQueueBytes: number
  /** bytes of the rows of one message */
  maxMessageBytes: number
}

/** Told of each try to write. @param ok whether the store took it */
export type WriteObserver = (seconds: number, ok: boolean) => void

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
  private timer: NodeJS.Timeout | undefined
  private idle: (() => void)[] = []
  private giveUp = new AbortController()
  private failing: StoreError | null = null
  private hurried = false

  constructor(
    private readonly store: Store,
    readonly options: BatcherOptions,
    private readonly accounting: Accounting,
    private readonly warn: LimitedWarn,
    private readonly onWrite: WriteObserver = () => {},
    private readonly spill: Spill | null = null,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.tick(), this.options.flushIntervalMs)
    this.next()
  }

  private tick(): void {
    this.seal()
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
    return this.failing?.message ?? null
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
    if (this.hurried) return
    this.hurried = true
    if (this.writing.size === 0) setImmediate(() => this.seal())
  }

  /** Sends what is open. */
  seal(): void {
    this.hurried = false
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
      const refusals = await this.putWithRetry(batch)
      finish = () => this.settle(batch, refusals)
    } catch (error) {
      finish = () => this.dropBatch(batch, error)
    }
    // given up by close()
    if (!this.writing.delete(writing)) return
    this.queuedBytes -= writing.queuedBytes
    finish()
    for (const place of writing.places) this.spill?.puts.ack(place)
    if (writing.places.length > 0) this.spill?.changed()
    this.release(batch, size)
    if (this.hurried) this.seal()
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
    const { puts } = this.spill!
    const batch = this.free.pop() ?? new RowBatch()
    const places: Place[] = []
    this.reading = true
    while (batch.bytes < this.options.maxBatchBytes) {
      const record = await puts.take()
      if (record === null) break
      readPut(record.payload, batch)
      places.push(record.place)
    }
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

  /** Moves memory to disk when it has to. */
  private overflow(): void {
    if (this.spill === null) return
    if (this.behindSpill || this.stalled || 2 * this.queuedBytes > this.options.maxQueueBytes) this.unload(this.spill)
  }

  /** Moves everything to disk; what the disk does not take stays. */
  private unload(spill: Spill): void {
    try {
      // a batch that the store has can only be written down as one that was read; else it stands there already
      if (!this.behindSpill) for (const writing of this.writing) this.writeDown(spill, writing)
      while (this.queue.length > 0) {
        const batch = this.queue[0]
        spill.puts.append(PUT, batch.messageCount, writePut(batch))
        this.queue.shift()
        this.queuedBytes -= batch.bytes
        safe(batch)
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
    writing.places.push(spill.puts.appendTaken(PUT, batch.messageCount, writePut(batch), 0))
    this.queuedBytes -= writing.queuedBytes
    writing.queuedBytes = 0
    safe(batch)
  }

  private async putWithRetry(batch: RowBatch): Promise<Refusal[]> {
    for (let attempt = 0; ; attempt++) {
      const started = performance.now()
      try {
        const refusals = await this.store.put(batch)
        this.onWrite((performance.now() - started) / 1000, true)
        this.failing = null
        return refusals
      } catch (error) {
        this.onWrite((performance.now() - started) / 1000, false)
        if (!(error instanceof StoreError) || !error.retriable || this.giveUp.signal.aborted) throw error
        this.failing = error
        this.warn('store', `the store does not take rows, trying again: ${error.message}`, {
          reason: error.reason,
          attempt,
        })
        this.countRetried(batch, error.reason)
        await backoff(attempt, this.options, this.giveUp.signal)
        if (this.giveUp.signal.aborted) throw error
      }
    }
  }

  private countRetried(batch: RowBatch, reason: string): void {
    for (let i = 0; i < batch.rowCount; i++) this.accounting.retried(batch.rows[i * ROW_INTS + ROW_TABLE], reason, 1)
  }

  private settle(batch: RowBatch, refusals: Refusal[]): void {
    const { rows, rowCount, messageTypes } = batch
    const { accounting } = this
    for (let i = 0; i < rowCount; i++) accounting.rowsWritten[rows[i * ROW_INTS + ROW_TABLE]]++
    const refused = new Map<number, Refusal>()
    for (const refusal of refusals) {
      const at = refusal.row * ROW_INTS
      accounting.rowsWritten[rows[at + ROW_TABLE]]--
      refused.set(rows[at + ROW_MESSAGE], refusal)
      this.warn('refused', `the store refused a row for good: ${refusal.message}`, { reason: refusal.reason })
    }
    for (let message = 0; message < messageTypes.length; message++) {
      if (refused.size > 0 && refused.has(message)) accounting.dropInFlight('storeRefused')
      else accounting.store(messageTypes[message])
    }
    for (const [message, done] of batch.waiting) {
      const refusal = refused.get(message)
      done(refusal ? new StoreError(refusal.reason, refusal.message, false) : null)
    }
  }

  private dropBatch(batch: RowBatch, error: unknown): void {
    this.warn('store', `dropped a batch: ${messageOf(error)}`, { messages: batch.messageCount })
    this.accounting.dropInFlight(dropOf(error), batch.messageCount)
    for (const done of batch.waiting.values()) done(error instanceof Error ? error : new Error(messageOf(error)))
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
    const error = this.failing ?? new StoreError('failed', 'the store did not answer before the stop', true)
    const left = [...this.writing].filter(({ places }) => places.length === 0).map(({ batch }) => batch)
    left.push(...this.queue.splice(0))
    this.writing.clear()
    this.queuedBytes = 0
    this.giveUp.abort()
    for (const batch of left) this.dropBatch(batch, error)
    if (!this.reading) this.idled()
  }
}

/** Tells those who wait for a message that nothing can happen to it any more. */
function safe(batch: RowBatch): void {
  for (const done of batch.waiting.values()) done(null)
  batch.waiting.clear()
}

function dropOf(error: unknown): DropName {
  if (!(error instanceof StoreError) || !error.retriable) return 'storeRefused'
  return error.reason === 'full' ? 'storeFull' : 'storeFailed'
}
