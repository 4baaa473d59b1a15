import type { Socket } from 'node:net'
import { FrameReader, INCOMPLETE, LATE_PING_BODY } from './frame-reader.js'
import type { TcpContext } from './tcp-handler.js'

export interface PacketSink {
  /** one whole packet; its fields are those of `reader`, until this returns */
  packet(type: number, reader: FrameReader): void
  /** false: leave the rest unread until resume() */
  takesMore(): boolean
  /** no packet can be read from these bytes any more; `reader` stands before the one that failed */
  refuse(error: unknown, reader: FrameReader): void
}

const NEVER = -1

/** The reading half of a connection: bytes to packets, with back-pressure. */
export class ConnectionInput {
  /** the socket is not read because the sink takes no more */
  held = false
  private readonly reader: FrameReader
  private reading = false
  private failed = false
  /** monotonic ms at which the unfinished packet began */
  private unfinishedSince = NEVER

  constructor(
    private readonly socket: Socket,
    private readonly sink: PacketSink,
    private readonly context: TcpContext,
  ) {
    this.reader = new FrameReader(context.options.maxPayloadBytes, context.budget)
  }

  set pingHasBody(value: boolean) {
    this.reader.pingHasBody = value
  }

  /** The unread bytes are, or may be, a SEND or REQUEST. */
  get holdsMessage(): boolean {
    return this.reader.holdsMessage
  }

  receive(chunk: Buffer): void {
    if (this.failed) return
    this.guard(() => this.reader.push(chunk))
    this.read(false)
  }

  /** Goes on when the sink takes more again. */
  resume(): void {
    if (!this.held) return
    this.held = false
    this.read(false)
    if (!this.held) this.socket.resume()
  }

  /** Reads all whole packets that are there, whatever the sink takes. */
  drain(): void {
    this.read(true)
  }

  release(): void {
    this.failed = true
    this.reader.release()
  }

  /** ms since the first byte of an unfinished packet; 0 when there is none. */
  unfinishedMs(now: number): number {
    return this.unfinishedSince === NEVER ? 0 : now - this.unfinishedSince
  }

  /** Takes a 00c8 that nothing followed; false when that is not what is there. */
  takeLonePing(): boolean {
    if (!this.reader.lonePing) return false
    this.reader.takeLonePing()
    this.context.accounting.packets.tcp++
    this.unfinishedSince = NEVER
    return true
  }

  private read(all: boolean): void {
    if (this.reading || this.failed) return
    this.reading = true
    let consumed = false
    this.guard(() => {
      while (all || this.sink.takesMore()) {
        const type = this.reader.next()
        if (type === INCOMPLETE) break
        consumed = true
        // its ping was counted
        if (type !== LATE_PING_BODY) this.context.accounting.packets.tcp++
        this.sink.packet(type, this.reader)
      }
      this.reader.settle()
    })
    this.reading = false
    if (!this.failed) this.noteRest(consumed)
  }

  private noteRest(consumed: boolean): void {
    if (!this.sink.takesMore() && !this.socket.destroyed) {
      this.held = true
      this.socket.pause()
    }
    if (this.held || this.reader.unread === 0) this.unfinishedSince = NEVER
    else if (consumed || this.unfinishedSince === NEVER) this.unfinishedSince = this.context.monotonic()
  }

  private guard(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.failed = true
      this.unfinishedSince = NEVER
      this.sink.refuse(error, this.reader)
      this.reader.release()
    }
  }
}
