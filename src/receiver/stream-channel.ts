import { encodeStreamCode, encodeStreamPing, PacketType } from './frame.js'
import { StreamCode, toStreamCode } from './stream-code.js'

/** One of failed and closed is called, once. */
export interface StreamHandlers {
  /** the agent took the stream */
  opened?(): void
  /** payload is only valid during the call */
  response(payload: Buffer): void
  /** the stream never opened: the agent's code, 152 after the timeout, 150 when the connection was lost */
  failed(code: StreamCode): void
  /** the open stream ended from the agent's side, or with the connection (122); not called after our own close() */
  closed(code: StreamCode): void
}

export interface StreamOwner {
  write(frame: Buffer): void
  forget(streamId: number): void
  failed(error: unknown): void
}

const enum ChannelState {
  waiting,
  open,
  closed,
}

/** A stream that we opened to an agent (spec: wire.md §1.8): waiting → open → closed. */
export class StreamChannel {
  private state = ChannelState.waiting
  private readonly timer: NodeJS.Timeout

  constructor(
    readonly id: number,
    private readonly handlers: StreamHandlers,
    private readonly owner: StreamOwner,
    createTimeoutMs: number,
  ) {
    this.timer = setTimeout(() => this.end(StreamCode.connectionTimeout), createTimeoutMs)
  }

  get isOpen(): boolean {
    return this.state === ChannelState.open
  }

  /** Ends the stream from our side; the agent stops its responses. */
  close(code: StreamCode = StreamCode.stateClosed): void {
    if (!this.leave()) return
    this.owner.write(encodeStreamCode(PacketType.streamClose, this.id, code))
  }

  /** The agent answers with a PONG, which proves no more than that it lives. */
  ping(requestId: number): void {
    if (this.isOpen) this.owner.write(encodeStreamPing(PacketType.streamPing, this.id, requestId))
  }

  receiveSuccess(): void {
    if (this.state !== ChannelState.waiting) {
      this.refuse(StreamCode.stateNotConnected)
      return
    }
    clearTimeout(this.timer)
    this.state = ChannelState.open
    this.tell(() => this.handlers.opened?.())
  }

  receiveResponse(payload: Buffer): void {
    if (!this.isOpen) return
    this.tell(() => this.handlers.response(payload))
  }

  receivePing(requestId: number): void {
    if (this.isOpen) this.owner.write(encodeStreamPing(PacketType.streamPong, this.id, requestId))
    else this.refuse(StreamCode.stateNotConnected)
  }

  /** FAIL or CLOSE from the agent. */
  receiveEnd(code: number): void {
    this.end(toStreamCode(code))
  }

  connectionLost(): void {
    this.end(this.isOpen ? StreamCode.stateClosed : StreamCode.connectionError)
  }

  /** The agent broke the rules: tell both sides. */
  private refuse(code: StreamCode): void {
    this.owner.write(encodeStreamCode(PacketType.streamClose, this.id, code))
    this.end(code)
  }

  private end(code: StreamCode): void {
    const wasOpen = this.isOpen
    if (!this.leave()) return
    this.tell(() => (wasOpen ? this.handlers.closed(code) : this.handlers.failed(code)))
  }

  private leave(): boolean {
    if (this.state === ChannelState.closed) return false
    this.state = ChannelState.closed
    clearTimeout(this.timer)
    this.owner.forget(this.id)
    return true
  }

  private tell(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.owner.failed(error)
    }
  }
}
