import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Identity } from './identity.js'
import { patch, type Template } from './template.js'
import { FIRST_SEQUENCE } from './varint.js'

/** Sockets of one generator: agents share them evenly, and the kernel spreads by sender over workers that share a port. */
const MAX_SOCKETS = 256
/** Between two looks at the clock; more at once would be a burst that no agents make. */
const MAX_BURST = 512
const TICK_MS = 1
const HOST = '127.0.0.1'

/** What went out, by kind. */
export interface Sent {
  span: number
  chunk: number
  stat: number
  /** traces begun, with a sequence number each */
  traces: number
  /** events in those spans and chunks */
  events: number
  bytes: number
  /** datagrams that the kernel did not take */
  errors: number
  /** from the first to the last datagram */
  tookMs: number
  /** what should have gone out by the clock */
  due: number
  /** CPU of the generator, s */
  cpuSeconds: number
}

export function nothingSent(): Sent {
  return { span: 0, chunk: 0, stat: 0, traces: 0, events: 0, bytes: 0, errors: 0, tookMs: 0, due: 0, cpuSeconds: 0 }
}

export function datagramsOf(sent: Sent): number {
  return sent.span + sent.chunk + sent.stat
}

async function connected(port: number): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.connect(port, HOST)
  await once(socket, 'connect')
  return socket
}

export interface SenderOptions {
  agents: readonly Identity[]
  round: readonly (readonly Template[])[]
  stats: readonly Template[]
  statPeriodSeconds: number
  spanPort: number
  statPort: number
}

/** Sends traces of its agents in turn, each with a sequence number of its own, and the agents' stats by the clock. */
export class Sender {
  private sequence = FIRST_SEQUENCE
  private turn = 0
  private trace: readonly Template[] = []
  private inTrace = 0
  private own: Identity
  private socket: Socket
  private statTurn = 0
  private errors = 0

  private constructor(
    private readonly options: SenderOptions,
    private readonly sockets: readonly Socket[],
    private readonly statSocket: Socket,
  ) {
    this.own = options.agents[0]
    this.socket = sockets[0]
    for (const socket of [...sockets, statSocket]) socket.on('error', () => this.errors++)
  }

  static async open(options: SenderOptions): Promise<Sender> {
    const count = Math.min(options.agents.length, MAX_SOCKETS)
    const sockets = await Promise.all(Array.from({ length: count }, () => connected(options.spanPort)))
    return new Sender(options, sockets, await connected(options.statPort))
  }

  /** Open loop: by the clock, whatever becomes of the datagrams. @param rate spans and chunks a second; Infinity: all it can */
  async send(rate: number, ms: number): Promise<Sent> {
    const sent = nothingSent()
    const cpu = process.cpuUsage()
    const errorsBefore = this.errors
    const began = performance.now()
    const { agents, stats, statPeriodSeconds } = this.options
    const statRate = stats.length === 0 ? 0 : agents.length / statPeriodSeconds
    for (let elapsed = 0; elapsed < ms; elapsed = performance.now() - began) {
      const left = (rate * elapsed) / 1000 - sent.span - sent.chunk
      const burst = Math.min(MAX_BURST, left)
      const now = Date.now()
      for (let i = 0; i < burst; i++) this.next(sent, now)
      while (sent.stat < (statRate * elapsed) / 1000) this.stat(sent, now)
      await (left > MAX_BURST ? new Promise(setImmediate) : pause(TICK_MS))
      await this.taken()
    }
    sent.tookMs = performance.now() - began
    sent.due = Number.isFinite(rate) ? Math.floor((rate * sent.tookMs) / 1000) : sent.span + sent.chunk
    sent.errors = this.errors - errorsBefore
    const { user, system } = process.cpuUsage(cpu)
    sent.cpuSeconds = (user + system) / 1e6
    return sent
  }

  private next(sent: Sent, now: number): void {
    if (this.inTrace === this.trace.length) {
      this.nextTrace()
      sent.traces++
    }
    const template = this.trace[this.inTrace++]
    patch(template, this.own, this.sequence, now)
    this.socket.send(template.bytes)
    if (template.kind === 'span') sent.span++
    else sent.chunk++
    sent.events += template.events
    sent.bytes += template.bytes.length
  }

  private nextTrace(): void {
    const { agents, round } = this.options
    this.sequence++
    this.trace = round[this.turn % round.length]
    this.own = agents[this.turn % agents.length]
    this.socket = this.sockets[(this.turn % agents.length) % this.sockets.length]
    this.inTrace = 0
    this.turn++
  }

  private stat(sent: Sent, now: number): void {
    const { agents, stats } = this.options
    const template = stats[this.statTurn % stats.length]
    patch(template, agents[this.statTurn++ % agents.length], this.sequence, now)
    this.statSocket.send(template.bytes)
    sent.stat++
    sent.bytes += template.bytes.length
  }

  /** Templates are written again, so the kernel must have taken what they held. */
  private async taken(): Promise<void> {
    while (this.socket.getSendQueueCount() > 0 || this.statSocket.getSendQueueCount() > 0)
      await new Promise(setImmediate)
  }

  close(): void {
    for (const socket of [...this.sockets, this.statSocket]) socket.close()
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
