import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { Accounting } from '../accounting.js'
import { messageOf } from '../errors.js'
import { listenError } from '../listen-error.js'
import { plainAddress } from './address.js'
import { TcpConnection } from './tcp-connection.js'
import type { TcpContext, TcpHandler, TcpLog } from './tcp-handler.js'
import { TCP_DEFAULTS, type TcpOptions } from './tcp-options.js'

const KEEP_ALIVE_DELAY_MS = 60_000

const CONNECTION = Symbol('TcpConnection')

/** The connection hangs on its socket, so that one set of listeners serves all sockets. */
interface AgentSocket extends Socket {
  [CONNECTION]: TcpConnection
}

export interface TcpReceiverDeps {
  readonly handler: TcpHandler
  readonly accounting: Accounting
  readonly log: TcpLog
  /** wall clock, ms */
  readonly now?: () => number
  /** never set back, ms */
  readonly monotonic?: () => number
}

export interface TcpCounts {
  /** all but load balancers */
  readonly open: number
  /** with a successful handshake */
  readonly agents: number
  /** that take commands */
  readonly duplex: number
  readonly loadBalancers: number
  /** refused for maxConnections since the start */
  readonly refused: number
  /** bytes held for unfinished packets */
  readonly bufferedBytes: number
  readonly handlerErrors: number
}

/** Accepts agents on the TCP port and keeps their connections. */
export class TcpReceiver {
  readonly options: TcpOptions
  private readonly context: TcpContext
  private readonly server: Server
  private readonly open = new Set<TcpConnection>()
  private readonly balancers = new Set<Socket>()
  private readonly balancerIps: ReadonlySet<string>
  private refused = 0
  private sweepTimer: NodeJS.Timeout | undefined
  private closing: Promise<void> | undefined
  private whenEmpty: (() => void) | undefined

  constructor(deps: TcpReceiverDeps, options: Partial<TcpOptions> = {}) {
    this.options = { ...TCP_DEFAULTS, ...options }
    this.balancerIps = new Set(this.options.loadBalancerIps)
    this.context = {
      options: this.options,
      handler: deps.handler,
      accounting: deps.accounting,
      log: deps.log,
      budget: { usedBytes: 0, maxBytes: this.options.maxBufferedBytes },
      now: deps.now ?? Date.now,
      monotonic: deps.monotonic ?? (() => performance.now()),
      stopping: false,
      handlerErrors: 0,
      ended: (connection) => this.forget(connection),
    }
    this.server = createServer(
      { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS },
      (socket) => this.accept(socket),
    )
  }

  /** Rejects when the port cannot be had. Resolves to the address, with the real port. */
  async start(): Promise<AddressInfo> {
    const { host, port, backlog } = this.options
    const listening = once(this.server, 'listening')
    this.server.listen({ host, port, backlog })
    await listening.catch((error: unknown) => {
      throw listenError(error, 'TCP', host, port, 'tcp.port')
    })
    this.server.on('error', (error) => {
      this.context.log.warn({ error: messageOf(error) }, 'TCP accept failed: if it is EMFILE, raise ulimit -n')
    })
    this.sweepTimer = setInterval(() => this.sweep(), this.options.sweepIntervalMs).unref()
    return this.server.address() as AddressInfo
  }

  /**
   * Every connection gets its owed answers, SERVER_CLOSE and FIN; resolves when all have ended and the last state event
   * is out, after closeTimeoutMs at the latest. Who connects meanwhile gets SERVER_CLOSE and FIN.
   */
  close(): Promise<void> {
    this.closing ??= this.closeAll()
    return this.closing
  }

  connections(): IterableIterator<TcpConnection> {
    return this.open.values()
  }

  counts(): TcpCounts {
    let agents = 0
    let duplex = 0
    for (const connection of this.open) {
      if (connection.properties) agents++
      if (connection.isDuplex) duplex++
    }
    return {
      open: this.open.size,
      agents,
      duplex,
      loadBalancers: this.balancers.size,
      refused: this.refused,
      bufferedBytes: this.context.budget.usedBytes,
      handlerErrors: this.context.handlerErrors,
    }
  }

  /** Looks at the times of all connections; runs by itself every sweepIntervalMs. */
  sweep(): void {
    const now = this.context.monotonic()
    for (const connection of this.open) connection.sweep(now)
  }

  private accept(socket: Socket): void {
    socket.on('error', ignoreError)
    if (this.open.size + this.balancers.size >= this.options.maxConnections) {
      this.refused++
      this.context.log.warn(
        { address: socket.remoteAddress, maxConnections: this.options.maxConnections, refused: this.refused },
        'connection refused: raise tcp.maxConnections',
      )
      socket.destroy()
      return
    }
    if (this.balancerIps.size > 0 && this.balancerIps.has(plainAddress(socket.remoteAddress ?? ''))) {
      this.acceptBalancer(socket)
      return
    }
    const connection = new TcpConnection(socket, this.context)
    ;(socket as AgentSocket)[CONNECTION] = connection
    this.open.add(connection)
    socket.on('data', onData)
    socket.on('end', onEnd)
    socket.on('close', onClose)
    if (this.context.stopping) connection.stop()
  }

  private acceptBalancer(socket: Socket): void {
    this.balancers.add(socket)
    socket.on('close', () => this.balancers.delete(socket))
    socket.resume()
  }

  private forget(connection: TcpConnection): void {
    this.open.delete(connection)
    if (this.open.size === 0) this.whenEmpty?.()
  }

  private async closeAll(): Promise<void> {
    if (!this.server.listening) return
    this.context.stopping = true
    for (const connection of this.open) connection.stop()
    await this.emptied()
    const closed = once(this.server, 'close')
    this.server.close()
    for (const connection of this.open)
      connection.destroy('connection closed: the agent did not close its side in time')
    for (const socket of this.balancers) socket.destroy()
    await closed
    clearInterval(this.sweepTimer)
  }

  /** All connections have ended, or closeTimeoutMs is over. */
  private async emptied(): Promise<void> {
    if (this.open.size === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.options.closeTimeoutMs)
      this.whenEmpty = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

// 'close' follows every error, and is where the connection's end is handled
function ignoreError(): void {}

function onData(this: Socket, chunk: Buffer): void {
  ;(this as AgentSocket)[CONNECTION].receive(chunk)
}

function onEnd(this: Socket): void {
  ;(this as AgentSocket)[CONNECTION].beginClosing()
}

function onClose(this: Socket): void {
  ;(this as AgentSocket)[CONNECTION].closed()
}
