import type { Socket } from 'node:net'
import { messageOf } from '../errors.js'
import { AgentCalls, connectionLost, notDuplex } from './agent-calls.js'
import { agentStateEvent, eventOfState } from './agent-state.js'
import { ConnectionInput, type PacketSink } from './connection-input.js'
import { encodeIdPayload, PacketType, SERVER_CLOSE } from './frame.js'
import { dropOfFrame } from './frame-drop.js'
import type { FrameReader } from './frame-reader.js'
import { type HandshakeProperties, isBefore17 } from './handshake.js'
import { dispatchPacket } from './packet-dispatch.js'
import { PingState } from './ping-state.js'
import { isRunning, mayEnter, SocketState, stateAfterEnd } from './socket-state.js'
import type { StreamChannel, StreamHandlers } from './stream-channel.js'
import type { AgentStateName, TcpContext } from './tcp-handler.js'
import { UnansweredRequests } from './unanswered-requests.js'

const NEVER = -1

/** One agent's connection: its state, what it may send and what is sent to it. It has no timer of its own, see sweep(). */
export class TcpConnection implements PacketSink {
  /** null until a handshake succeeded */
  properties: HandshakeProperties | null = null
  /** the byte that the agent's pings must carry */
  state: SocketState = SocketState.connected
  readonly remoteAddress: string
  readonly remotePort: number
  /** ms, the collector's clock */
  readonly connectedAt: number
  /** for packet-dispatch.ts */
  readonly pings: PingState
  calls: AgentCalls | null = null

  private readonly input: ConnectionInput
  private handshakeAt = NEVER
  private closingSince = NEVER
  private heardRequest = false
  private goodbyeSent = false
  private slow = false
  private readonly unanswered = new UnansweredRequests()

  constructor(
    private readonly socket: Socket,
    readonly context: TcpContext,
  ) {
    this.remoteAddress = socket.remoteAddress ?? ''
    this.remotePort = socket.remotePort ?? 0
    this.connectedAt = context.now()
    this.pings = new PingState(context.monotonic())
    this.input = new ConnectionInput(socket, this, context)
    this.enter(SocketState.runWithoutHandshake)
  }

  /** Requests of the agent that wait for respond() or discard(). */
  get unansweredRequests(): number {
    return this.unanswered.size
  }

  /** The agent takes requests and streams. */
  get isDuplex(): boolean {
    return this.state === SocketState.runDuplex
  }

  /** Answers a request of the agent; nothing happens when it was answered before or the connection is gone. */
  respond(requestId: number, payload: Buffer): void {
    if (!this.unanswered.remove(requestId)) return
    this.write(encodeIdPayload(PacketType.response, requestId, payload))
    this.afterAnswer()
  }

  /** Leaves a request of the agent without an answer. */
  discard(requestId: number): void {
    if (this.unanswered.remove(requestId)) this.afterAnswer()
  }

  /** Sends a request to the agent. Rejects with a CollectorError: AGENT_NOT_DUPLEX, _TIMEOUT, _CONNECTION_LOST, TOO_MANY_CALLS. */
  async request(payload: Buffer, timeoutMs: number = this.context.options.requestTimeoutMs): Promise<Buffer> {
    return this.agentCalls().request(payload, timeoutMs)
  }

  /** Opens a stream to the agent. Throws AGENT_NOT_DUPLEX, AGENT_CONNECTION_LOST or TOO_MANY_CALLS. */
  openStream(payload: Buffer, handlers: StreamHandlers): StreamChannel {
    return this.agentCalls().openStream(payload, handlers)
  }

  // What follows is for the receiver's own files.

  receive(chunk: Buffer): void {
    this.input.receive(chunk)
  }

  packet(type: number, reader: FrameReader): void {
    dispatchPacket(this, type, reader)
  }

  takesMore(): boolean {
    if (this.socket.destroyed) return false
    return !isRunning(this.state) || this.unanswered.size < this.context.options.maxUnansweredRequests
  }

  refuse(error: unknown, reader: FrameReader): void {
    const lost = dropOfFrame(error, reader)
    if (lost && isRunning(this.state)) this.context.accounting.drop(lost)
    this.destroy('connection closed: its bytes are no packet of an agent', { error: messageOf(error) })
  }

  write(frame: Buffer): void {
    if (this.goodbyeSent || !this.socket.writable) return
    this.socket.write(frame)
    if (this.socket.writableLength > this.context.options.writeLimitBytes) {
      this.closeSlow('connection closed: the agent does not read what is sent to it')
    }
  }

  destroy(reason: string, details: object = {}): void {
    this.context.log.warn(this.describe(details), reason)
    this.socket.destroy()
  }

  beginRequest(requestId: number): void {
    this.unanswered.add(requestId)
    if (this.heardRequest) return
    this.heardRequest = true
    this.calls?.release()
  }

  acceptHandshake(properties: HandshakeProperties): void {
    this.properties = properties
    this.handshakeAt = this.context.monotonic()
    this.enter(properties.supportServer ? SocketState.runDuplex : SocketState.runSimplex)
  }

  /** Type 200 of this client always has a body. */
  expectPingBody(): void {
    this.input.pingHasBody = true
  }

  enter(next: SocketState): void {
    this.state = mayEnter(this.state, next) ? next : SocketState.errorIllegalStateChange
    if (!isRunning(this.state)) this.calls?.end()
    const event = eventOfState(this.state)
    if (event) this.emit(event, 0)
  }

  emit(event: AgentStateName, pingId: number): void {
    if (!this.properties) return
    try {
      this.context.handler.agentState(
        agentStateEvent(this.properties, this.remoteAddress, event, pingId, this.context.now()),
      )
    } catch (error) {
      this.handlerFailed(error)
    }
  }

  handlerFailed(error: unknown): void {
    this.context.handlerErrors++
    this.context.log.warn(this.describe({ error: messageOf(error) }), 'handler failed, its message is lost')
  }

  /** CLIENT_CLOSE or FIN arrived: the rest of the way to the end may not take for ever. */
  beginClosing(): void {
    if (this.closingSince === NEVER) this.closingSince = this.context.monotonic()
  }

  /** SERVER_CLOSE and FIN, once the answers that are still owed have been written. */
  stop(): void {
    if (!isRunning(this.state)) return
    this.input.drain()
    if (!isRunning(this.state)) return
    this.beginClosing()
    this.enter(SocketState.beingCloseByServer)
    this.input.resume()
    this.sayGoodbye()
  }

  /** The end of the drain time counts as `forced`. */
  sayGoodbye(forced = false): void {
    if (this.state !== SocketState.beingCloseByServer || this.goodbyeSent) return
    if (!forced && (this.unanswered.size > 0 || this.pings.unanswered)) return
    this.goodbyeSent = true
    this.socket.end(SERVER_CLOSE)
  }

  /** Everything that waiting brings about; called for each connection every options.sweepIntervalMs. */
  sweep(now: number): void {
    const { options } = this.context
    if (this.closingSince !== NEVER) {
      const waited = now - this.closingSince
      if (waited >= options.closeTimeoutMs) this.socket.destroy()
      else if (waited >= options.drainTimeoutMs) this.sayGoodbye(true)
      return
    }
    const unfinishedMs = this.input.unfinishedMs(now)
    if (unfinishedMs >= options.lonePingWaitMs && this.input.takeLonePing()) {
      dispatchPacket(this, PacketType.ping, null)
    } else if (unfinishedMs >= options.frameTimeoutMs) {
      this.closeSlow('connection closed: a packet was left unfinished for too long')
    } else if (this.isForgotten(now)) {
      this.destroy('connection closed: no ping since it was opened')
    } else if (now - this.pings.sentAt >= options.pingIntervalMs && this.socket.writableLength === 0) {
      this.write(this.pings.next(now))
    }
  }

  /** The TCP connection has ended. */
  closed(): void {
    this.input.drain()
    if (this.input.holdsMessage) this.context.accounting.drop(this.slow ? 'slowPeer' : 'cutOff')
    this.input.release()
    this.enter(stateAfterEnd(this.state, this.context.stopping))
    this.context.ended(this)
  }

  /** The rule of 1.7 servers spares the agents of before, which had no such server, and whom we do not read ourselves. */
  private isForgotten(now: number): boolean {
    if (this.input.held || !this.pings.isSilent(now, this.context.options.neverPingedLimitMs)) return false
    return this.properties === null || !isBefore17(this.properties.version)
  }

  private afterAnswer(): void {
    if (this.unanswered.size <= this.context.options.maxUnansweredRequests / 2) this.input.resume()
    this.sayGoodbye()
  }

  private closeSlow(reason: string): void {
    this.slow = isRunning(this.state)
    this.destroy(reason)
  }

  private agentCalls(): AgentCalls {
    if (this.socket.destroyed) throw connectionLost()
    if (!this.isDuplex) throw notDuplex()
    this.calls ??= new AgentCalls({
      write: (frame) => this.write(frame),
      commandDelayMs: () => this.commandDelayMs(),
      failed: (error) => this.handlerFailed(error),
      streamCreateTimeoutMs: this.context.options.streamCreateTimeoutMs,
      maxCalls: this.context.options.maxCallsPerConnection,
    })
    return this.calls
  }

  private commandDelayMs(): number {
    if (this.heardRequest) return 0
    return this.handshakeAt + this.context.options.commandDelayMs - this.context.monotonic()
  }

  private describe(details: object): object {
    return { agentId: this.properties?.agentId, address: this.remoteAddress, port: this.remotePort, ...details }
  }
}
