import { connect, type Socket } from 'node:net'
import { messageOf } from '../../errors.js'
import { CallFailure, serverFailure } from './call-failure.js'
import type { ServerAddress } from './cluster-location.js'
import { FrameBuffers } from './frame-buffers.js'
import { FrameSplitter } from './frame-splitter.js'
import { connectionStart, decodeAnswer, requestFrame, type Service } from './rpc-frame.js'

export interface ConnectionOptions {
  user: string
  connectTimeoutMs: number
  /** ms without a call after which the connection is closed */
  idleTimeoutMs: number
  /** ms that a server may be silent, with calls waiting, before it is asked for whether it is still alive */
  stallMs: number
  /** bytes of one answer at the most */
  maxAnswerBytes: number
  translateAddress?: (host: string, port: number) => { host: string; port: number }
}

/** What a server answered; views of the frame. */
export interface Answer {
  param: Buffer
  cells: Buffer
}

interface PendingCall {
  resolve: (answer: Answer) => void
  reject: (failure: CallFailure) => void
  deadline: number
  timeoutMs: number
}

const MAX_CALL_ID = 0x7fffffff
/** ms between two looks at the deadlines of the calls. */
const TICK_MS = 100

/** One TCP connection to one service of one server; opened at once, usable before it stands, never re-opened. */
export class RpcConnection {
  private readonly socket: Socket
  private readonly pending = new Map<number, PendingCall>()
  private readonly timer: NodeJS.Timeout
  private readonly splitter: FrameSplitter
  private readonly buffers = new FrameBuffers()
  private nextCallId = 1
  private connected = false
  private heardAt: number
  private stallToldAt = 0
  private usedAt: number
  private readonly openedAt: number
  closed = false

  constructor(
    readonly address: ServerAddress,
    service: Service,
    private readonly options: ConnectionOptions,
    /** whether the cluster still counts on this server; asked when it is silent, and when it speaks again */
    private readonly isAlive: (connection: RpcConnection) => Promise<boolean> = async () => true,
    private readonly onClose: (connection: RpcConnection) => void = () => {},
  ) {
    this.openedAt = this.heardAt = this.usedAt = performance.now()
    const { host, port } = address
    this.socket = connect({
      ...(options.translateAddress?.(host, port) ?? { host, port }),
      noDelay: true,
      keepAlive: true,
    })
    this.socket.write(connectionStart(options.user, service))
    this.splitter = new FrameSplitter(options.maxAnswerBytes, (frame) => this.answered(frame))
    this.socket.on('connect', () => {
      this.connected = true
      this.heardAt = performance.now()
    })
    this.socket.on('data', (chunk: Buffer) => this.heard(chunk))
    this.socket.on('error', (error) => this.close(messageOf(error)))
    this.socket.on('close', () => this.close('the server closed the connection'))
    this.timer = setInterval(() => this.tick(), TICK_MS)
    this.timer.unref()
  }

  get where(): string {
    return `${this.address.host}:${this.address.port}`
  }

  get callsWaiting(): number {
    return this.pending.size
  }

  /** Sends the frame that `frameOf` makes in one of the buffers; rejects with a CallFailure. */
  send(frameOf: (callId: number, buffers: FrameBuffers) => Buffer, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(new CallFailure('unsent', 'connection_lost', `the connection to ${this.where} is closed`))
        return
      }
      const callId = this.nextCallId
      this.nextCallId = callId === MAX_CALL_ID ? 1 : callId + 1
      const frame = frameOf(callId, this.buffers)
      this.usedAt = performance.now()
      if (this.pending.size === 0) this.heardAt = this.usedAt
      this.pending.set(callId, { resolve, reject, deadline: this.usedAt + timeoutMs, timeoutMs })
      this.socket.write(frame, (error) => {
        if (!error) this.buffers.give(frame)
      })
    })
  }

  /** A call whose parameter is one message. */
  call(method: string, param: Uint8Array, timeoutMs: number): Promise<Answer> {
    return this.send((callId, buffers) => requestFrame(callId, method, param, timeoutMs, buffers), timeoutMs)
  }

  /** What comes after a long silence may come from a server that is dead to the others: it is believed when it is not. */
  private heard(chunk: Buffer): void {
    const now = performance.now()
    const suspect = this.pending.size > 0 && now - this.heardAt > this.options.stallMs
    this.heardAt = now
    if (!suspect) {
      this.read(chunk)
      return
    }
    this.socket.pause()
    void this.checkAlive().then(() => {
      if (this.closed) return
      this.read(chunk)
      this.socket.resume()
    })
  }

  private read(chunk: Buffer): void {
    try {
      this.splitter.push(chunk)
    } catch (error) {
      this.close(messageOf(error))
    }
  }

  private async checkAlive(): Promise<void> {
    if (!(await this.isAlive(this))) this.close('its session with ZooKeeper has ended')
  }

  private answered(frame: Buffer): void {
    const { header, param, cells } = decodeAnswer(frame)
    const callId = header.callId ?? 0
    const call = this.pending.get(callId)
    if (header.exception !== undefined) {
      const { exceptionClassName = '', stackTrace = '', doNotRetry } = header.exception
      const failure = serverFailure(exceptionClassName, stackTrace, doNotRetry)
      // an answer to no call is about the connection: the server does not like its header
      if (call === undefined && callId > MAX_CALL_ID) this.close(failure.message)
      this.pending.delete(callId)
      call?.reject(failure)
      return
    }
    this.pending.delete(callId)
    call?.resolve({ param, cells })
  }

  private tick(): void {
    const now = performance.now()
    if (!this.connected) {
      if (now - this.openedAt > this.options.connectTimeoutMs) this.close('no connection in time')
      return
    }
    if (this.pending.size === 0) {
      if (now - this.usedAt > this.options.idleTimeoutMs) this.close('idle')
      return
    }
    for (const [callId, call] of this.pending) {
      if (call.deadline > now) continue
      // not a word for as long as a call may take: what comes next on this connection would fare no better
      if (now - this.heardAt >= call.timeoutMs) {
        this.close('no answer in time')
        return
      }
      this.pending.delete(callId)
      call.reject(new CallFailure('lost', 'timeout', `${this.where} did not answer in time`))
    }
    if (now - Math.max(this.heardAt, this.stallToldAt) > this.options.stallMs) {
      this.stallToldAt = now
      void this.checkAlive()
    }
  }

  /** Fails all waiting calls at once. */
  close(why: string): void {
    if (this.closed) return
    this.closed = true
    clearInterval(this.timer)
    this.socket.destroy()
    const text = `lost the connection to ${this.where}: ${why}`
    const failure = this.connected
      ? new CallFailure('lost', 'connection_lost', text)
      : new CallFailure('unsent', 'connection_lost', text)
    const calls = [...this.pending.values()]
    this.pending.clear()
    this.onClose(this)
    for (const call of calls) call.reject(failure)
  }
}
