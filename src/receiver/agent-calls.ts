import { CollectorError } from '../errors.js'
import { encodeIdPayload, PacketType } from './frame.js'
import type { StreamChannel, StreamHandlers } from './stream-channel.js'
import { StreamChannels } from './stream-channels.js'

/** How calls reach the agent. */
export interface AgentLink {
  write(frame: Buffer): void
  /** ms until the agent can take commands; 0 when it can */
  commandDelayMs(): number
  readonly streamCreateTimeoutMs: number
  readonly maxCalls: number
  /** an exception in a stream's handlers */
  failed(error: unknown): void
}

interface PendingRequest {
  resolve(answer: Buffer): void
  reject(error: CollectorError): void
  timer: NodeJS.Timeout
}

/**
 * Requests and streams from us to one agent; made for the first of them, since most agents never get one.
 * Frames wait until the agent can take commands: a 1.5 agent loses what comes right behind its handshake answer.
 */
export class AgentCalls {
  readonly streams: StreamChannels
  private readonly requests = new Map<number, PendingRequest>()
  private lastRequestId = 0
  private held: Buffer[] = []
  private holdTimer: NodeJS.Timeout | undefined

  constructor(private readonly link: AgentLink) {
    this.streams = new StreamChannels(link, (frame) => this.write(frame))
  }

  request(payload: Buffer, timeoutMs: number): Promise<Buffer> {
    this.checkRoom()
    this.lastRequestId = (this.lastRequestId + 1) | 0
    const id = this.lastRequestId
    return new Promise<Buffer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.requests.delete(id)
        reject(new CollectorError('AGENT_TIMEOUT', `The agent did not answer within ${timeoutMs} ms`, true))
      }, timeoutMs)
      this.requests.set(id, { resolve, reject, timer })
      this.write(encodeIdPayload(PacketType.request, id, payload))
    })
  }

  openStream(payload: Buffer, handlers: StreamHandlers): StreamChannel {
    this.checkRoom()
    return this.streams.open(payload, handlers)
  }

  /** False when nobody waits for this answer. */
  answer(id: number, payload: Buffer): boolean {
    const pending = this.requests.get(id)
    if (!pending) return false
    this.requests.delete(id)
    clearTimeout(pending.timer)
    pending.resolve(Buffer.from(payload))
    return true
  }

  /** The agent can take commands from now on. */
  release(): void {
    clearTimeout(this.holdTimer)
    this.holdTimer = undefined
    const frames = this.held
    this.held = []
    for (const frame of frames) this.link.write(frame)
  }

  /** The connection is gone. */
  end(): void {
    clearTimeout(this.holdTimer)
    this.held = []
    for (const pending of this.requests.values()) {
      clearTimeout(pending.timer)
      pending.reject(connectionLost())
    }
    this.requests.clear()
    this.streams.end()
  }

  private write(frame: Buffer): void {
    const delay = this.link.commandDelayMs()
    if (delay <= 0) {
      if (this.held.length > 0) this.release()
      this.link.write(frame)
      return
    }
    this.held.push(frame)
    this.holdTimer ??= setTimeout(() => this.release(), delay)
  }

  private checkRoom(): void {
    if (this.requests.size + this.streams.size < this.link.maxCalls) return
    throw new CollectorError(
      'TOO_MANY_CALLS',
      `${this.link.maxCalls} requests and streams are open to this agent`,
      true,
    )
  }
}

export function connectionLost(): CollectorError {
  return new CollectorError('AGENT_CONNECTION_LOST', 'The connection to the agent was closed', true)
}

export function notDuplex(): CollectorError {
  return new CollectorError('AGENT_NOT_DUPLEX', 'The agent takes no commands on this connection')
}
