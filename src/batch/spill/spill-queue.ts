import { mkdirSync, renameSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../errors.js'
import type { IncrementId } from '../../store/store.js'
import type { Place, TakenRecord } from './place.js'
import { numberOf, segmentName, segmentNames } from './segment-names.js'
import type { SpillQueueOptions } from './spill-queue-options.js'
import { HEAD_BYTES, HEADER_BYTES, type ReplayMark, type SentRecords } from './spill-record.js'
import { SpillSegment } from './spill-segment.js'

// Records in order, over segment files; the numbers of the files go on from process to process:
//
//   000000000007.spill   000000000008.spill   000000000009.spill
//   | done | taken | not read ........ | ........ not read |   ← append
//          ^ mark          ^ take
//
// A segment is removed when all its records are acknowledged, or, oldest first, when there are too many bytes.

const SYNC_MS = 100

/** Takes records off memory, and gives them back in order, in this process or in the next. */
export class SpillQueue {
  readonly records = { written: 0, replayed: 0, dropped: 0 }
  private segments: SpillSegment[] = []
  private writer: SpillSegment | null = null
  private nextNumber = 1
  private readonly taken: Place[] = []
  private closed = false
  private syncTimer: NodeJS.Timeout | undefined

  constructor(private readonly options: SpillQueueOptions) {}

  /** Takes over what a former process left, and the files of other directories behind it. */
  open(orphans: readonly string[] = []): void {
    const { dir } = this.options
    mkdirSync(dir, { recursive: true })
    for (const name of segmentNames(dir)) this.recover(join(dir, name))
    for (const orphan of orphans) {
      for (const name of segmentNames(orphan)) {
        const path = this.nextPath()
        renameSync(join(orphan, name), path)
        this.recover(path)
      }
    }
    this.tidy()
  }

  private recover(path: string): void {
    this.nextNumber = Math.max(this.nextNumber, numberOf(path) + 1)
    const segment = SpillSegment.open(path)
    if (segment === 'unfinished') {
      this.removeUnfinished(path)
      return
    }
    if (segment === 'foreign') {
      this.options.warn('spill file', `${path} is no spill of this version: left out, remove it by hand`)
      return
    }
    if (segment.tornBytes > 0) {
      const text = `${path}: the last ${segment.tornBytes} bytes are no whole record, left out`
      this.options.warn('spill torn', `${text}; that is normal when the process was killed`)
    }
    this.segments.push(segment)
  }

  private removeUnfinished(path: string): void {
    try {
      unlinkSync(path)
    } catch (error) {
      this.options.warn('spill file', `cannot remove ${path}: ${messageOf(error)}`)
    }
  }

  /** Records that were not given back yet. */
  get unread(): number {
    let n = 0
    for (const segment of this.segments) n += segment.unread
    return n
  }

  /** Messages, or counts, of these. */
  get unreadCount(): number {
    let n = 0
    for (const segment of this.segments) n += segment.unreadCount
    return n
  }

  /** Messages, or counts, that a next process would find. */
  get count(): number {
    let n = this.unreadCount
    for (const place of this.taken) if (!place.segment.removed) n += place.count
    return n
  }

  /** No record is on disk that is not acknowledged. */
  get empty(): boolean {
    return this.segments.every((segment) => segment.unread === 0 && segment.outstanding === 0)
  }

  get bytes(): number {
    let n = 0
    for (const segment of this.segments) n += segment.size
    return n
  }

  /** Writes a record behind all others; makes room by dropping the oldest. Throws when the disk does not take it. */
  append(kind: number, count: number, payload: readonly Uint8Array[]): void {
    this.write(kind, count, payload, null)
  }

  /**
   * The same for a record that is in the hands of the store already: it is only read back by a next process. All others
   * must have been read; with an ID, also acknowledged. @param id which the store got it with; null for what may be
   * written twice
   */
  appendTaken(kind: number, count: number, payload: readonly Uint8Array[], id: IncrementId | null): Place {
    const segment = this.write(kind, count, payload, id)
    const end = segment.skipLast(count)
    const place = { segment, count, at: end - recordBytes(payload), end, done: false }
    this.taken.push(place)
    return place
  }

  private write(kind: number, count: number, payload: readonly Uint8Array[], id: IncrementId | null): SpillSegment {
    const { maxBytes, segmentBytes } = this.options
    const bytes = recordBytes(payload)
    if (HEADER_BYTES + bytes > maxBytes) throw new Error(`a record of ${bytes} bytes is more than the spill may take`)
    while (this.bytes + HEADER_BYTES + bytes > maxBytes) this.dropOldest()
    if (this.writer !== null && this.writer.size + bytes > segmentBytes) this.writer = null
    if (this.writer === null) this.segments.push((this.writer = SpillSegment.create(this.nextPath())))
    const segment = this.writer
    const { mark } = segment
    try {
      // before the record, so that nobody can find it and think that it was never sent
      if (id !== null) segment.saveMark({ ackedTo: segment.size, sent: { to: segment.size + bytes, id } })
      segment.append(kind, count, payload)
    } catch (error) {
      if (id !== null) this.restore(segment, mark)
      throw error
    }
    this.records.written++
    this.syncSoon()
    return segment
  }

  /** No later record may be taken for the one that was not written. */
  private restore(segment: SpillSegment, mark: ReplayMark): void {
    try {
      segment.saveMark(mark)
    } catch {
      // nothing is written behind that mark any more; the file goes at once, for all in it was acknowledged
      if (segment === this.writer) this.writer = null
      this.tidy()
    }
  }

  private dropOldest(): void {
    const [oldest] = this.segments
    const { unread, unreadCount } = oldest
    this.discard(oldest)
    this.lost('full', unread, unreadCount)
  }

  private lost(why: 'full' | 'damaged', records: number, count: number): void {
    if (records === 0) return
    this.records.dropped += records
    this.options.onLost(why, count)
  }

  /** The oldest record that was not read, or the oldest of that segment; null when there is none. */
  async take(only?: SpillSegment): Promise<TakenRecord | null> {
    for (;;) {
      const segment = this.segments.find((s) => s.unread > 0 && (only === undefined || s === only))
      if (segment === undefined || this.closed) return null
      const record = await segment.read()
      if (this.closed) return null
      if (segment.removed) continue
      if (record.ok) {
        const { count, at, end } = record
        const place = { segment, count, at, end, done: false }
        this.taken.push(place)
        return { kind: record.kind, count, payload: record.payload, place }
      }
      this.options.warn('spill damaged', `${segment.path} is damaged: ${record.records} records are lost`)
      this.lost('damaged', record.records, record.count)
      this.tidy()
    }
  }

  /**
   * These records, which follow each other in one segment, are given to the store as one: from now on nobody knows what
   * became of them. All before them must be done. Throws when that cannot be written: then they must not be given.
   */
  sending(places: readonly Place[], id: IncrementId): void {
    const { segment, at } = places[0]
    segment.saveMark({ ackedTo: at, sent: { to: places[places.length - 1].end, id } })
  }

  /** It is known that the store has nothing of the records from this one on. All before it must be done. */
  notSent({ segment, at }: Place): void {
    // not from the mark: that may lack an acknowledgement that could not be written
    this.tryMark(segment, { ackedTo: at, sent: null })
  }

  /** The records need no replay. They may be acknowledged in any order; those of one segment are in one write. */
  ack(places: readonly Place[]): void {
    for (const place of places) {
      place.done = true
      place.segment.outstanding--
      this.records.replayed++
    }
    const last = new Map<SpillSegment, number>()
    while (this.taken.length > 0 && this.taken[0].done) {
      const { segment, end } = this.taken.shift()!
      last.set(segment, end)
    }
    for (const [segment, ackedTo] of last) this.tryMark(segment, { ackedTo, sent: null })
    this.tidy()
    this.syncSoon()
  }

  /**
   * When it fails, this process goes on, for it knows better. A next one finds the mark before: it writes rows again, and
   * sends counters again under the ID that they had.
   */
  private tryMark(segment: SpillSegment, mark: ReplayMark): void {
    try {
      segment.saveMark(mark)
    } catch (error) {
      const text = `${segment.path}: what the store has cannot be written down: ${messageOf(error)}`
      this.options.warn('spill ack', `${text}; look at the disk of spill.dir`)
    }
  }

  /** What the record was sent with by a process of which nobody knows how far it came; null: it was not sent. */
  sentWith({ segment, at }: Place): (SentRecords & { from: number }) | null {
    const { ackedTo, sent } = segment.mark
    return sent === null || at >= sent.to ? null : { ...sent, from: ackedTo }
  }

  private tidy(): void {
    const last = this.empty
    for (const segment of [...this.segments]) {
      if (segment.unread > 0 || segment.outstanding > 0) return
      if (segment === this.writer && !last) return
      this.discard(segment)
    }
  }

  private discard(segment: SpillSegment): void {
    if (segment === this.writer) this.writer = null
    this.segments = this.segments.filter((s) => s !== segment)
    try {
      segment.remove()
    } catch (error) {
      this.options.warn('spill file', `cannot remove ${segment.path}: ${messageOf(error)}`)
    }
  }

  private nextPath(): string {
    return join(this.options.dir, segmentName(this.nextNumber++))
  }

  private syncSoon(): void {
    this.syncTimer ??= setTimeout(() => void this.sync(), SYNC_MS).unref()
  }

  /** What was appended survives the machine. */
  async sync(): Promise<void> {
    clearTimeout(this.syncTimer)
    try {
      await Promise.all(this.segments.map((segment) => segment.sync()))
    } catch (error) {
      this.options.warn('spill sync', `the spill cannot be written to the disk: ${messageOf(error)}`)
    }
    this.syncTimer = undefined
  }

  /** Leaves what is there to the next process. */
  async close(): Promise<void> {
    this.closed = true
    await this.sync()
    for (const segment of this.segments) segment.close()
  }
}

function recordBytes(payload: readonly Uint8Array[]): number {
  return payload.reduce((sum, part) => sum + part.length, HEAD_BYTES)
}
