import { EventEmitter, once } from 'node:events'
import { Accounting } from '../../src/accounting.js'
import type { TcpConnection } from '../../src/receiver/tcp-connection.js'
import type { AgentStateEvent, TcpHandler } from '../../src/receiver/tcp-handler.js'
import type { TcpOptions } from '../../src/receiver/tcp-options.js'
import { TcpReceiver } from '../../src/receiver/tcp-receiver.js'
import { TcpClient } from './tcp-client.js'
import { RESULT_TRUE } from './tcp-packets.js'

/** only sweep() by hand looks at times */
const NEVER_MS = 1_000_000

/** A receiver on a free port whose handler answers every request and records everything; both its clocks stand still. */
export class TcpServer {
  readonly accounting = new Accounting()
  readonly events: AgentStateEvent[] = []
  readonly sends: Buffer[] = []
  readonly requests: { connection: TcpConnection; requestId: number; payload: Buffer }[] = []
  readonly warnings: string[] = []
  readonly receiver: TcpReceiver
  /** instead of the answer with RESULT_TRUE */
  onRequest: TcpHandler['request'] = (connection, requestId) => connection.respond(requestId, RESULT_TRUE)
  onSend: (payload: Buffer) => void = () => {}
  onState: (event: AgentStateEvent) => void = () => {}
  private readonly emitter = new EventEmitter()
  private time = 1_600_000_000_000
  private port = 0

  constructor(options: Partial<TcpOptions> = {}) {
    const log = {
      debug: () => {},
      info: () => {},
      warn: (_details: object, message: string) => {
        this.warnings.push(message)
        this.emitter.emit('warn', message)
      },
    }
    const deps = {
      handler: this.handler(),
      accounting: this.accounting,
      log,
      now: () => this.time,
      monotonic: () => this.time,
    }
    this.receiver = new TcpReceiver(deps, { host: '127.0.0.1', port: 0, sweepIntervalMs: NEVER_MS, ...options })
  }

  async start(): Promise<this> {
    this.port = (await this.receiver.start()).port
    return this
  }

  connect(allowHalfOpen = false): Promise<TcpClient> {
    return TcpClient.connect(this.port, allowHalfOpen)
  }

  /** The clocks move on and the receiver looks at them. */
  advance(ms: number): void {
    this.time += ms
    this.receiver.sweep()
  }

  /** The next 'state', 'request', 'send' or 'warn'. */
  async next(event: 'state' | 'request' | 'send' | 'warn'): Promise<void> {
    await once(this.emitter, event)
  }

  /** Until `count` state events have come. */
  async states(count: number): Promise<string[]> {
    while (this.events.length < count) await this.next('state')
    return this.events.map(({ event }) => event)
  }

  only(): TcpConnection {
    const [connection] = this.receiver.connections()
    return connection
  }

  private handler(): TcpHandler {
    return {
      send: (_connection, payload) => {
        this.sends.push(Buffer.from(payload))
        this.emitter.emit('send')
        this.onSend(payload)
      },
      request: (connection, requestId, payload) => {
        this.requests.push({ connection, requestId, payload: Buffer.from(payload) })
        this.emitter.emit('request')
        this.onRequest(connection, requestId, payload)
      },
      agentState: (event) => {
        this.events.push(event)
        this.emitter.emit('state')
        this.onState(event)
      },
    }
  }
}
