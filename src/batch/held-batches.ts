import { RowBatch } from '../row/row-batch.js'
import type { Place } from './spill/place.js'

/** A batch in the hands of the store. */
export interface Writing {
  batch: RowBatch
  since: number
  /** its bytes among those of the memory; 0 when it stands on disk */
  heldBytes: number
  /** where it stands on disk, in parts */
  places: Place[]
}

/** Empty batches that are kept for good. */
const KEPT_FREE = 2
const MAX_INITIAL_BYTES = 4 * 1024 * 1024
/** What a batch has beyond the bytes at which it is full: the rest of its last message, in most cases. */
const LAST_MESSAGE_BYTES = 64 * 1024

/** Full batches in memory: those that wait, and those in the hands of the store. */
export class HeldBatches {
  readonly waiting: RowBatch[] = []
  readonly writing = new Set<Writing>()
  /** bytes of the rows of all, without those that stand on disk */
  bytes = 0
  private readonly free: RowBatch[] = []
  private readonly initialBytes: number
  private readonly maxFree: number
  private readonly maxFreeBytes: number

  /** @param batchBytes at which a batch is full @param queueBytes that all of them may have */
  constructor(batchBytes: number, queueBytes: number) {
    this.maxFree = Math.max(KEPT_FREE, queueBytes / batchBytes)
    this.initialBytes = Math.min(batchBytes, MAX_INITIAL_BYTES) + LAST_MESSAGE_BYTES
    this.maxFreeBytes = 2 * (batchBytes + LAST_MESSAGE_BYTES)
  }

  empty(): RowBatch {
    return this.free.pop() ?? new RowBatch(this.initialBytes)
  }

  push(batch: RowBatch): void {
    this.bytes += batch.bytes
    this.waiting.push(batch)
  }

  /** Takes what waits first for the store. */
  begin(): Writing | null {
    const batch = this.waiting.shift()
    if (batch === undefined) return null
    return this.add({ batch, since: performance.now(), heldBytes: batch.bytes, places: [] })
  }

  /** A batch that was read back from disk goes to the store. */
  beginReplay(batch: RowBatch, places: Place[]): Writing {
    return this.add({ batch, since: performance.now(), heldBytes: 0, places })
  }

  private add(writing: Writing): Writing {
    this.writing.add(writing)
    return writing
  }

  /** @returns false: it was given up meanwhile */
  end(writing: Writing): boolean {
    if (!this.writing.delete(writing)) return false
    this.bytes -= writing.heldBytes
    return true
  }

  /** What waits first is on disk. */
  moved(): void {
    const batch = this.waiting.shift()!
    this.bytes -= batch.bytes
    this.reuse(batch)
  }

  reuse(batch: RowBatch): void {
    const keep = this.free.length < this.maxFree && batch.w.buf.length <= this.maxFreeBytes
    batch.reset()
    if (keep) this.free.push(batch)
  }

  /**
   * Lets go of one empty batch too many. While much waits none is: buffers that are dropped stay until V8 collects them, so
   * that with new ones beside them the queue would take twice its bytes.
   */
  shrink(): void {
    if (this.waiting.length === 0 && this.free.length > KEPT_FREE) this.free.pop()
  }

  /** Whether the store has had one since then. */
  heldSince(ms: number): boolean {
    for (const { since } of this.writing) if (since <= ms) return true
    return false
  }

  /** Whether the end of this process would be the end of one. */
  get unsafe(): boolean {
    if (this.waiting.length > 0) return true
    for (const { places } of this.writing) if (places.length === 0) return true
    return false
  }

  /** Gives all up. @returns those that are in memory alone */
  abandon(): RowBatch[] {
    const left = [...this.writing].filter(({ places }) => places.length === 0).map(({ batch }) => batch)
    left.push(...this.waiting.splice(0))
    this.writing.clear()
    this.bytes = 0
    return left
  }
}
