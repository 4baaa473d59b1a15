import { messageOf } from '../../errors.js'
import type { LimitedWarn } from '../../log.js'
import { RowBatch } from '../../row/row-batch.js'
import type { HeldBatches, Writing } from '../held-batches.js'
import type { Settlement } from '../settlement.js'
import { appendBatch, appendTakenBatch, readBatches } from './batch-records.js'
import { MAX_PACKED_BYTES } from './packed-payload.js'
import type { Spill } from './spill.js'

/** A batch that is read back is this many usual ones: what calls cost a store beside their rows is shared by more rows. */
const REPLAYED_TOGETHER = 4
/** Batches from disk that are being written at the same time: the store works on some while others are on the wire. */
const MAX_REPLAYS = 4

export interface OverflowOptions {
  maxBatchBytes: number
  maxQueueBytes: number
}

/**
 * Moves batches from memory to disk while the store is slow or away, and brings them back. As long as something on disk
 * was not read yet, what comes goes behind it.
 */
export class Overflow {
  /** a batch is being read back */
  reading = false
  private readonly free: RowBatch[] = []

  constructor(
    private readonly spill: Spill,
    private readonly held: HeldBatches,
    private readonly options: OverflowOptions,
    private readonly settlement: Settlement,
    private readonly warn: LimitedWarn,
  ) {}

  /** Whether something on disk waits to be written; what comes now must go behind it. */
  get waits(): boolean {
    return this.reading || this.spill.puts.unread > 0
  }

  /** Whether rows go to disk now. */
  get active(): boolean {
    return this.waits || this.stalled
  }

  /** The store has had a batch for too long. */
  private get stalled(): boolean {
    return this.held.heldSince(performance.now() - this.spill.afterMs)
  }

  /** Moves memory to disk when it has to. @returns whether it had to */
  relieve(): boolean {
    if (!this.active && 2 * this.held.bytes <= this.options.maxQueueBytes) return false
    this.unload()
    return true
  }

  /** Moves everything to disk; what the disk does not take stays. */
  unload(): void {
    const { held, spill } = this
    // packing takes time in which nothing is received: what has piled up beyond this goes to disk as it is
    let bytes = 0
    const packing = (batch: RowBatch): boolean => (bytes += batch.bytes) <= MAX_PACKED_BYTES
    try {
      // a batch that the store has can only be written down as one that was read; else it stands there already
      if (!this.waits) for (const writing of held.writing) this.writeDown(writing, packing)
      for (let batch = held.waiting[0]; batch !== undefined; batch = held.waiting[0]) {
        appendBatch(spill.puts, batch, packing(batch))
        this.settlement.safe(batch)
        held.moved()
      }
    } catch (error) {
      this.warn(
        'spill',
        `rows cannot go to disk and wait in memory: ${messageOf(error)}; look at the disk of spill.dir`,
      )
    }
    spill.changed()
  }

  private writeDown(writing: Writing, packing: (batch: RowBatch) => boolean): void {
    if (writing.places.length > 0) return
    const { batch } = writing
    writing.places.push(appendTakenBatch(this.spill.puts, batch, packing(batch)))
    this.held.bytes -= writing.heldBytes
    writing.heldBytes = 0
    this.settlement.safe(batch)
  }

  /** Whether the next batch can be read back now. */
  get readable(): boolean {
    return !this.reading && this.spill.puts.unread > 0 && this.held.writing.size < MAX_REPLAYS
  }

  /** Reads back what stands first; null when nothing of it could be read. */
  async readBack(giveUp: AbortSignal): Promise<Writing | null> {
    const batch = this.free.pop() ?? new RowBatch()
    this.reading = true
    const places = await readBatches(this.spill.puts, batch, REPLAYED_TOGETHER * this.options.maxBatchBytes)
    this.reading = false
    this.spill.changed()
    if (places.length > 0 && !giveUp.aborted) return this.held.beginReplay(batch, places)
    return null
  }

  /** A batch that stands on disk was written. */
  written({ batch, places }: Writing): void {
    this.spill.puts.ack(places)
    this.spill.changed()
    batch.reset()
    if (!this.waits) this.free.length = 0
    else if (this.free.length < MAX_REPLAYS) this.free.push(batch)
  }
}
