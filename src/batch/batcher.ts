import type { Accounting } from '../accounting.js'
import type { DropName } from '../drop-reasons.js'
import { messageOf, StoreError } from '../errors.js'
import type { LimitedWarn } from '../log.js'
import { ROW_INTS, ROW_MESSAGE, ROW_TABLE, RowBatch } from '../row/row-batch.js'
import type { Refusal, Store } from '../store/store.js'
import { type BackoffOptions, backoff } from './backoff.js'

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

/** Batches that are being written at the same time. */
const MAX_IN_FLIGHT = 2
/** Metadata over TCP is sent once per agent run: it may use this much more than the queue. */
const TCP_RESERVE_BYTES = 16 * 1024 * 1024

/**
 * Collects the rows of messages into batches and writes them, again and again while the store is away.
 *
 *   open batch → queue of full batches → at most MAX_IN_FLIGHT in store.put()
 */
export class Batcher {
  /** where the next message's rows go */
  open = new RowBatch()
  private readonly queue: RowBatch[] = []
  private readonly free: RowBatch[] = []
  private queuedBytes = 0
  private readonly writing = new Set<RowBatch>()
  private timer: NodeJS.Timeout | undefined
  private idle: (() => void)[] = []
  private giveUp = new AbortController()
  private failing: StoreError | null = null
  /** the open batch is to be sent when the store has time */
  private due = false

  constructor(
    private readonly store: Store,
    readonly options: BatcherOptions,
    private readonly accounting: Accounting,
    private readonly warn: LimitedWarn,
    private readonly onWrite: WriteObserver = () => {},
  ) {}

  start(): void {
    this.timer = setInterval(() => this.sealSoon(), this.options.flushIntervalMs)
  }

  /** Bytes of rows not yet acknowledged. */
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
    if (this.due) return
    this.due = true
    if (this.writing.size === 0) setImmediate(() => this.seal())
  }

  /** While the store is busy the open batch goes on filling: many small ones would take far more memory than their rows. */
  private sealSoon(): void {
    if (this.writing.size < MAX_IN_FLIGHT) this.seal()
    else this.due = true
  }

  /** Sends what is open. */
  seal(): void {
    this.due = false
    const batch = this.open
    if (batch.messageCount === 0) return
    this.open = this.free.pop() ?? new RowBatch()
    this.queuedBytes += batch.bytes
    this.queue.push(batch)
    this.next()
  }

  private next(): void {
    while (this.writing.size < MAX_IN_FLIGHT && this.queue.length > 0) {
      const batch = this.queue.shift()!
      this.writing.add(batch)
      void this.write(batch)
    }
  }

  private async write(batch: RowBatch): Promise<void> {
    const size = batch.bytes
    let finish: () => void
    try {
      const refusals = await this.putWithRetry(batch)
      finish = () => this.settle(batch, refusals)
    } catch (error) {
      finish = () => this.dropBatch(batch, error)
    }
    // given up by close()
    if (!this.writing.delete(batch)) return
    this.queuedBytes -= size
    finish()
    batch.reset()
    if (this.free.length < MAX_IN_FLIGHT && size <= 2 * this.options.maxBatchBytes) this.free.push(batch)
    if (this.due) this.seal()
    this.next()
    if (this.writing.size === 0) for (const done of this.idle.splice(0)) done()
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
        this.failing = error instanceof StoreError ? error : new StoreError('failed', messageOf(error), false)
        if (!(error instanceof StoreError) || !error.retriable || this.giveUp.signal.aborted) throw error
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

  /** Sends everything and waits for it; what the store has not taken after `timeoutMs` is dropped and counted. */
  async close(timeoutMs: number): Promise<void> {
    clearInterval(this.timer)
    this.seal()
    if (this.writing.size === 0) return
    const timer = setTimeout(() => this.abandon(), timeoutMs)
    await new Promise<void>((resolve) => this.idle.push(resolve))
    clearTimeout(timer)
  }

  /** Drops what waits for the store, and what it was given and has not answered. */
  private abandon(): void {
    const error = this.failing ?? new StoreError('failed', 'the store did not answer before the stop', true)
    const left = [...this.writing, ...this.queue.splice(0)]
    this.writing.clear()
    this.queuedBytes = 0
    this.giveUp.abort()
    for (const batch of left) this.dropBatch(batch, error)
    for (const done of this.idle.splice(0)) done()
  }
}

function dropOf(error: unknown): DropName {
  if (!(error instanceof StoreError) || !error.retriable) return 'storeRefused'
  return error.reason === 'full' ? 'storeFull' : 'storeFailed'
}
