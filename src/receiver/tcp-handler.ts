import type { Accounting } from '../accounting.js'
import type { BufferBudget } from './tail-buffer.js'
import type { TcpConnection } from './tcp-connection.js'
import type { TcpOptions } from './tcp-options.js'

/** What the receiver hands on. An exception in here is logged and counted, and hurts no other packet. */
export interface TcpHandler {
  /** payload is only valid during the call */
  send(connection: TcpConnection, payload: Buffer): void
  /**
   * Answer now or later with connection.respond(requestId, payload), or connection.discard(requestId) for no answer.
   * payload is only valid during the call.
   */
  request(connection: TcpConnection, requestId: number, payload: Buffer): void
  /** Socket state changes and pings that make rows (spec: wire.md §5.7): only for connections with handshake properties. */
  agentState(event: AgentStateEvent): void
}

export type AgentStateName =
  | 'connected'
  | 'ping'
  | 'shutdown'
  | 'unexpected_shutdown'
  | 'closed_by_server'
  | 'unexpected_close_by_server'

export interface AgentStateEvent {
  readonly agentId: string
  readonly applicationName: string
  readonly remoteAddress: string
  readonly startTimestamp: bigint
  /** undefined when the handshake had none or a negative one */
  readonly socketId: number | undefined
  readonly event: AgentStateName
  /** 0 for all but pings */
  readonly pingId: number
  /** ms, the collector's clock */
  readonly timestamp: number
}

/** The part of pino that is used here. */
export interface TcpLog {
  debug(details: object, message: string): void
  info(details: object, message: string): void
  warn(details: object, message: string): void
}

/** What all connections of one receiver share. */
export interface TcpContext {
  readonly options: TcpOptions
  readonly handler: TcpHandler
  readonly accounting: Accounting
  readonly log: TcpLog
  readonly budget: BufferBudget
  /** wall clock, ms: what rows and lists show */
  now(): number
  /** ms from any origin, never set back: what waiting is measured by */
  monotonic(): number
  /** the receiver is being closed */
  stopping: boolean
  /** exceptions that the handler let through */
  handlerErrors: number
  /** the connection has ended and its last event is out */
  ended(connection: TcpConnection): void
}
