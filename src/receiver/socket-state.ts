// States of an agent connection; the number is the byte that agents send in their pings (spec: wire.md §1.6).

export const enum SocketState {
  none = 1,
  beingConnect = 2,
  connected = 3,
  connectFailed = 6,
  ignore = 9,
  runWithoutHandshake = 10,
  runSimplex = 11,
  runDuplex = 12,
  beingCloseByClient = 20,
  closedByClient = 22,
  unexpectedCloseByClient = 26,
  beingCloseByServer = 30,
  closedByServer = 32,
  unexpectedCloseByServer = 36,
  errorUnknown = 40,
  errorIllegalStateChange = 41,
  errorSyncStateSession = 42,
}

const RUNNING: readonly SocketState[] = [SocketState.runWithoutHandshake, SocketState.runSimplex, SocketState.runDuplex]
const UNEXPECTED_FROM: readonly SocketState[] = [SocketState.none, SocketState.connected, ...RUNNING]

const ENTERED_FROM: Readonly<Record<number, readonly SocketState[]>> = {
  [SocketState.beingConnect]: [SocketState.none],
  [SocketState.connected]: [SocketState.none, SocketState.beingConnect],
  [SocketState.connectFailed]: [SocketState.beingConnect],
  [SocketState.ignore]: [SocketState.connected],
  [SocketState.runWithoutHandshake]: [SocketState.connected],
  [SocketState.runSimplex]: [SocketState.runWithoutHandshake],
  [SocketState.runDuplex]: [SocketState.runWithoutHandshake],
  [SocketState.beingCloseByClient]: RUNNING,
  [SocketState.closedByClient]: [SocketState.none, SocketState.beingCloseByClient],
  [SocketState.unexpectedCloseByClient]: UNEXPECTED_FROM,
  [SocketState.beingCloseByServer]: RUNNING,
  [SocketState.closedByServer]: [SocketState.none, SocketState.beingCloseByServer],
  [SocketState.unexpectedCloseByServer]: UNEXPECTED_FROM,
}

export function mayEnter(from: SocketState, to: SocketState): boolean {
  if (to === SocketState.errorUnknown || to === SocketState.errorIllegalStateChange) {
    return from !== SocketState.errorUnknown && from !== SocketState.errorIllegalStateChange
  }
  return ENTERED_FROM[to]?.includes(from) ?? false
}

/** Packets are processed in these states only; in all others they are ignored. */
export function isRunning(state: SocketState): boolean {
  return (
    state === SocketState.runDuplex || state === SocketState.runSimplex || state === SocketState.runWithoutHandshake
  )
}

/** The state that a connection enters when its TCP connection has ended. */
export function stateAfterEnd(state: SocketState, serverIsStopping: boolean): SocketState {
  if (state === SocketState.beingCloseByClient) return SocketState.closedByClient
  if (state === SocketState.beingCloseByServer) return SocketState.closedByServer
  if (!isRunning(state)) return SocketState.errorUnknown
  return serverIsStopping ? SocketState.unexpectedCloseByServer : SocketState.unexpectedCloseByClient
}
