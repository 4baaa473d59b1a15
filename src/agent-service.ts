import type { Dispatcher } from './dispatcher.js'
import { messageOf } from './errors.js'
import type { TcpConnection } from './receiver/tcp-connection.js'
import type { AgentStateEvent, TcpHandler } from './receiver/tcp-handler.js'
import { CompactWriter } from './thrift/compact-writer.js'
import { writeTResult } from './thrift/generated/trace.js'
import { CODE_RESULT } from './thrift/message-type.js'

/** Answer to a metadata request (spec: wire.md §3.2). */
export function encodeResult(success: boolean, message?: string): Buffer {
  const w = new CompactWriter()
  w.header(CODE_RESULT)
  writeTResult(w, message === undefined ? { success } : { success, message })
  return w.bytes()
}

const SUCCESS = encodeResult(true)

/** An answer that is owed. */
interface Owed {
  connection: TcpConnection
  requestId: number
  /** monotonic ms after which the agent is told success although the rows still wait for the store */
  deadline: number
  answered: boolean
}

/**
 * What agents say over TCP: metadata and agent info become rows, and are answered when the rows are stored. An agent
 * gives up after 3 to 5 s and 1.5 never asks again, so when the store is slow the answer comes before it: the rows are
 * in the queue then and are not forgotten.
 */
export class AgentService implements TcpHandler {
  private readonly owed: Owed[] = []
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly ackTimeoutMs: number,
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  start(): void {
    this.timer = setInterval(() => this.answerLate(), Math.max(10, this.ackTimeoutMs / 4))
  }

  stop(): void {
    clearInterval(this.timer)
  }

  send(connection: TcpConnection, payload: Buffer): void {
    this.dispatcher.packet(payload, { address: connection.remoteAddress }, null)
  }

  request(connection: TcpConnection, requestId: number, payload: Buffer): void {
    const owed: Owed = { connection, requestId, deadline: this.monotonic() + this.ackTimeoutMs, answered: false }
    const willAnswer = this.dispatcher.packet(payload, { address: connection.remoteAddress }, (error) =>
      answer(owed, error),
    )
    if (!willAnswer) connection.discard(requestId)
    else if (!owed.answered) this.owed.push(owed)
  }

  agentState(event: AgentStateEvent): void {
    this.dispatcher.agentState(event)
  }

  /** Deadlines rise along the list, so only its head is looked at. */
  private answerLate(): void {
    const now = this.monotonic()
    let done = 0
    while (done < this.owed.length && (this.owed[done].answered || this.owed[done].deadline <= now)) {
      answer(this.owed[done], null)
      done++
    }
    this.owed.splice(0, done)
  }
}

function answer(owed: Owed, error: Error | null): void {
  if (owed.answered) return
  owed.answered = true
  owed.connection.respond(owed.requestId, error === null ? SUCCESS : encodeResult(false, messageOf(error)))
}
