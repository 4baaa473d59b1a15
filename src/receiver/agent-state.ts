import type { HandshakeProperties } from './handshake.js'
import { SocketState } from './socket-state.js'
import type { AgentStateEvent, AgentStateName } from './tcp-handler.js'

// Which states make rows (spec: wire.md §5.7).

const NAME_OF_STATE: Readonly<Record<number, AgentStateName>> = {
  [SocketState.runSimplex]: 'connected',
  [SocketState.runDuplex]: 'connected',
  [SocketState.closedByClient]: 'shutdown',
  [SocketState.unexpectedCloseByClient]: 'unexpected_shutdown',
  [SocketState.closedByServer]: 'closed_by_server',
  [SocketState.unexpectedCloseByServer]: 'unexpected_close_by_server',
  [SocketState.errorUnknown]: 'unexpected_close_by_server',
  [SocketState.errorIllegalStateChange]: 'unexpected_close_by_server',
  [SocketState.errorSyncStateSession]: 'unexpected_close_by_server',
}

/** undefined for states that no row tells of */
export function eventOfState(state: SocketState): AgentStateName | undefined {
  return NAME_OF_STATE[state]
}

export function agentStateEvent(
  properties: HandshakeProperties,
  remoteAddress: string,
  event: AgentStateName,
  pingId: number,
  timestamp: number,
): AgentStateEvent {
  const { agentId, applicationName, startTimestamp, socketId } = properties
  const known = socketId !== undefined && socketId >= 0 ? socketId : undefined
  return { agentId, applicationName, remoteAddress, startTimestamp, socketId: known, event, pingId, timestamp }
}
