import fs from 'node:fs'
import { promisify } from 'node:util'
import { unpack } from './packed-payload.js'
import {
  HEAD_BYTES,
  HEADER_BYTES,
  isIntact,
  MARK_AT,
  NEW_MARK,
  PACKED,
  type RecordHead,
  type ReplayMark,
  readHead,
  readHeader,
  writeHead,
  writeHeader,
  writeMark,
} from './spill-record.js'

const read = promisify(fs.read)
const datasync = promisify(fs.fdatasync)
const NEW_HEADER = writeHeader(NEW_MARK)

/** A record as read; or the end of what could be read, with what is lost there. */
export type SegmentRecord =
  | { ok: true; kind: number; count: number; payload: Buffer; at: number; end: number }
  | { ok: false; records: number; count: number }

/** One file of a spill. Appending is one write(2), so that it survives the process; sync() makes it survive the machine. */
export class SpillSegment {
  /** bytes of the file that are in use */
  size = HEADER_BYTES
  /** records that were not read yet, and what they count */
  unread = 0
  unreadCount = 0
  /** records read and not acknowledged */
  outstanding = 0
  /** bytes behind the last good record when the file was opened */
  tornBytes = 0
  removed = false
  private readAt = HEADER_BYTES
  private dirty = false
  /** operations on the file that run; it is closed behind the last */
  private users = 1

  private constructor(
    readonly path: string,
    private readonly fd: number,
    public mark: ReplayMark,
  ) {}

  /** Leaves no file behind when the disk does not take it. */
  static create(path: string): SpillSegment {
    const segment = new SpillSegment(path, fs.openSync(path, 'wx+'), NEW_MARK)
    try {
      segment.overwrite(NEW_HEADER, 0)
    } catch (error) {
      try {
        segment.remove()
      } catch {
        // it is closed at least; open() of a next process removes it
      }
      throw error
    }
    return segment
  }

  /** A file of a former process; 'foreign' when it is none of ours, 'unfinished' when its header was not all written. */
  static open(path: string): SpillSegment | 'foreign' | 'unfinished' {
    const fd = fs.openSync(path, 'r+')
    const buf = Buffer.alloc(HEADER_BYTES)
    const head = buf.subarray(0, fs.readSync(fd, buf, 0, HEADER_BYTES, 0))
    const mark = readHeader(head)
    if (mark === null) {
      fs.closeSync(fd)
      return head.length < HEADER_BYTES && NEW_HEADER.subarray(0, head.length).equals(head) ? 'unfinished' : 'foreign'
    }
    const segment = new SpillSegment(path, fd, mark)
    segment.count()
    return segment
  }

  /** Walks over the heads, to the first that is torn. */
  private count(): void {
    const { ackedTo } = this.mark
    const fileBytes = fs.fstatSync(this.fd).size
    const buf = Buffer.alloc(HEAD_BYTES)
    for (;;) {
      const n = fs.readSync(this.fd, buf, 0, HEAD_BYTES, this.size)
      const head = readHead(buf.subarray(0, n))
      const end = this.size + HEAD_BYTES + (head?.length ?? 0)
      if (head === null || end > fileBytes) break
      if (this.size >= ackedTo) {
        this.unread++
        this.unreadCount += head.count
      }
      this.size = end
    }
    this.tornBytes = fileBytes - this.size
    this.readAt = Math.min(Math.max(HEADER_BYTES, ackedTo), this.size)
  }

  append(kind: number, count: number, payload: readonly Uint8Array[]): void {
    const parts = [writeHead(kind, count, payload), ...payload]
    const bytes = parts.reduce((sum, part) => sum + part.length, 0)
    // when it throws, the next record goes over what was written of this one
    this.checkWritten(fs.writevSync(this.fd, parts, this.size), bytes)
    this.size += bytes
    this.unread++
    this.unreadCount += count
    this.dirty = true
  }

  /** The next record that was not read. */
  async read(): Promise<SegmentRecord> {
    this.users++
    try {
      const at = this.readAt
      const head = readHead(await this.bytes(at, HEAD_BYTES))
      if (head === null) return this.loseRest()
      const stored = await this.bytes(at + HEAD_BYTES, head.length)
      const payload = isIntact(head, stored) ? await plain(head, stored) : null
      this.readAt = at + HEAD_BYTES + head.length
      if (payload === null) return this.lose(1, head.count)
      this.took(1, head)
      return { ok: true, kind: head.kind & ~PACKED, count: head.count, payload, at, end: this.readAt }
    } catch {
      return this.loseRest()
    } finally {
      this.left()
    }
  }

  /** The record just appended needs no reading: it is in memory. @returns where it ends */
  skipLast(count: number): number {
    this.readAt = this.size
    this.took(1, { count })
    return this.size
  }

  private took(records: number, { count }: Pick<RecordHead, 'count'>): void {
    this.unread -= records
    this.unreadCount -= count
    this.outstanding++
  }

  /** Without a head nobody knows where the next record begins. */
  private loseRest(): SegmentRecord {
    this.readAt = this.size
    return this.lose(this.unread, this.unreadCount)
  }

  private lose(records: number, count: number): SegmentRecord {
    this.unread -= records
    this.unreadCount -= count
    return { ok: false, records, count }
  }

  private async bytes(at: number, n: number): Promise<Buffer> {
    const buf = Buffer.allocUnsafeSlow(n)
    const { bytesRead } = await read(this.fd, buf, 0, n, at)
    return buf.subarray(0, bytesRead)
  }

  /** When it throws, `mark` is the last that was written. */
  saveMark(mark: ReplayMark): void {
    if (this.removed) return
    this.dirty = true
    this.overwrite(writeMark(mark), MARK_AT)
    this.mark = mark
  }

  private overwrite(bytes: Buffer, at: number): void {
    this.checkWritten(fs.writeSync(this.fd, bytes, 0, bytes.length, at), bytes.length)
  }

  private checkWritten(written: number, bytes: number): void {
    if (written !== bytes)
      throw new Error(`${written} of ${bytes} bytes were written to ${this.path}: is the disk full?`)
  }

  async sync(): Promise<void> {
    if (!this.dirty || this.removed) return
    this.dirty = false
    this.users++
    try {
      await datasync(this.fd)
    } finally {
      this.left()
    }
  }

  remove(): void {
    if (this.removed) return
    try {
      fs.unlinkSync(this.path)
    } finally {
      this.close()
    }
  }

  close(): void {
    if (this.removed) return
    this.removed = true
    this.left()
  }

  private left(): void {
    if (--this.users === 0) fs.closeSync(this.fd)
  }
}

/** null: it cannot be unpacked. */
async function plain({ kind }: RecordHead, stored: Buffer): Promise<Buffer | null> {
  return kind & PACKED ? unpack(stored) : stored
}
