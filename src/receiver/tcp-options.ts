/** Settings of the TCP port. */
export interface TcpOptions {
  readonly host: string
  /** 0: any free port */
  readonly port: number
  /** connections that the kernel holds until they are accepted: all agents reconnect at once after a restart */
  readonly backlog: number
  readonly maxConnections: number
  /** connections from these addresses are probes of a load balancer: accepted, read, never answered */
  readonly loadBalancerIps: readonly string[]
  readonly maxPayloadBytes: number
  /** bytes that unfinished packets of all connections may hold together */
  readonly maxBufferedBytes: number
  /** a packet must be complete this long after its first byte */
  readonly frameTimeoutMs: number
  /** a connection that does not read is closed when more than this is queued for it */
  readonly writeLimitBytes: number
  /** a connection with this many unanswered requests is not read until half of them are answered */
  readonly maxUnansweredRequests: number
  readonly pingIntervalMs: number
  /** a connection of 1.7 and later that never pinged is closed after this time */
  readonly neverPingedLimitMs: number
  /** how long 00c8 waits for a body */
  readonly lonePingWaitMs: number
  /** after the handshake, unless the agent has sent a request: earlier commands are lost in a 1.5 agent */
  readonly commandDelayMs: number
  readonly requestTimeoutMs: number
  readonly streamCreateTimeoutMs: number
  /** requests and streams that may be open to one agent */
  readonly maxCallsPerConnection: number
  /** how long close() waits for answers that the handler still owes */
  readonly drainTimeoutMs: number
  /** how long a closing connection may wait for the peer's FIN */
  readonly closeTimeoutMs: number
  /** how often all connections are looked at for the times above */
  readonly sweepIntervalMs: number
}

export const TCP_DEFAULTS: TcpOptions = {
  host: '0.0.0.0',
  port: 29994,
  backlog: 4096,
  maxConnections: 20_000,
  loadBalancerIps: [],
  maxPayloadBytes: 16 * 1024 * 1024,
  maxBufferedBytes: 256 * 1024 * 1024,
  frameTimeoutMs: 30_000,
  writeLimitBytes: 1024 * 1024,
  maxUnansweredRequests: 256,
  pingIntervalMs: 300_000,
  neverPingedLimitMs: 1_800_000,
  lonePingWaitMs: 1_000,
  commandDelayMs: 1_000,
  requestTimeoutMs: 3_000,
  streamCreateTimeoutMs: 3_000,
  maxCallsPerConnection: 1_024,
  drainTimeoutMs: 1_000,
  closeTimeoutMs: 5_000,
  sweepIntervalMs: 500,
}
