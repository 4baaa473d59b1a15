import { type ControlMap, decodeControlMap } from './control-map.js'
import { PacketType, PONG } from './frame.js'
import { EMPTY_PAYLOAD, type FrameReader, LATE_PING_BODY, PING_WITH_PAYLOAD } from './frame-reader.js'
import {
  ALREADY_DUPLEX,
  ALREADY_SIMPLEX,
  DUPLEX,
  encodeHandshakeResponse,
  missingProperties,
  PROPERTY_ERROR,
  readProperties,
  readSocketId,
  SIMPLEX,
} from './handshake.js'
import { isRunning, SocketState } from './socket-state.js'
import { answerStray } from './stream-channels.js'
import type { TcpConnection } from './tcp-connection.js'

/** What one packet does to its connection (spec: wire.md §1.4 to §1.9). `reader` holds its fields; null for a lone ping. */
export function dispatchPacket(connection: TcpConnection, type: number, reader: FrameReader | null): void {
  if (!isRunning(connection.state)) {
    if (type === PacketType.pong) takePong(connection)
    return
  }
  const id = reader?.id ?? 0
  const payload = reader?.payload ?? EMPTY_PAYLOAD
  switch (type) {
    case PacketType.send:
      takeSend(connection, payload)
      break
    case PacketType.request:
      takeRequest(connection, id, payload)
      break
    case PacketType.response:
      takeResponse(connection, id, payload)
      break
    case PacketType.handshake:
      takeHandshake(connection, id, payload)
      break
    case PacketType.ping:
    case PacketType.pingSimple:
      connection.pings.notePing(type === PacketType.ping)
      connection.write(PONG)
      break
    case PING_WITH_PAYLOAD:
    case LATE_PING_BODY:
    case PacketType.pingPayload:
      takePayloadPing(connection, type, id, reader?.code ?? 0)
      break
    case PacketType.pong:
      takePong(connection)
      break
    case PacketType.clientClose:
      connection.beginClosing()
      connection.enter(SocketState.beingCloseByClient)
      break
    case PacketType.serverClose:
    case PacketType.handshakeResponse:
      // only servers send these; the peer ignores them
      break
    default:
      takeStream(connection, type, id, reader?.code ?? 0, payload)
  }
}

function takeSend(connection: TcpConnection, payload: Buffer): void {
  try {
    connection.context.handler.send(connection, payload)
  } catch (error) {
    connection.handlerFailed(error)
  }
}

function takeRequest(connection: TcpConnection, requestId: number, payload: Buffer): void {
  connection.beginRequest(requestId)
  try {
    connection.context.handler.request(connection, requestId, payload)
  } catch (error) {
    connection.handlerFailed(error)
    connection.discard(requestId)
  }
}

function takeResponse(connection: TcpConnection, requestId: number, payload: Buffer): void {
  if (connection.calls?.answer(requestId, payload)) return
  connection.context.log.debug(
    { agentId: connection.properties?.agentId, address: connection.remoteAddress, requestId },
    'answer of an agent that nobody waits for, perhaps after its timeout',
  )
}

function takeHandshake(connection: TcpConnection, requestId: number, payload: Buffer): void {
  // the peer throws on an empty payload and answers nothing
  if (payload.length === 0) return
  if (connection.properties) {
    const again = connection.properties.supportServer ? ALREADY_DUPLEX : ALREADY_SIMPLEX
    connection.write(encodeHandshakeResponse(requestId, again))
    return
  }
  const map = decodeOrUndefined(payload)
  if (map && readSocketId(map) !== undefined) connection.expectPingBody()
  const properties = map && readProperties(map)
  if (!properties) {
    refuseHandshake(connection, map)
    connection.write(encodeHandshakeResponse(requestId, PROPERTY_ERROR))
    return
  }
  connection.write(encodeHandshakeResponse(requestId, properties.supportServer ? DUPLEX : SIMPLEX))
  connection.acceptHandshake(properties)
}

function decodeOrUndefined(payload: Buffer): ControlMap | undefined {
  try {
    return decodeControlMap(payload)
  } catch {
    return undefined
  }
}

function takePayloadPing(connection: TcpConnection, type: number, pingId: number, stateCode: number): void {
  const { pings, state } = connection
  pings.notePing(type !== PacketType.pingPayload)
  const equal = stateCode === state
  if (!pings.compare(equal)) {
    connection.destroy('connection closed: five pings carried another state than ours')
    return
  }
  if (equal) connection.emit('ping', pingId)
  if (type !== LATE_PING_BODY) connection.write(PONG)
}

function takePong(connection: TcpConnection): void {
  connection.pings.notePong()
  connection.sayGoodbye()
}

function takeStream(
  connection: TcpConnection,
  type: PacketType,
  streamId: number,
  code: number,
  payload: Buffer,
): void {
  const streams = connection.calls?.streams
  if (type !== PacketType.streamCreate && streams?.receive(type, streamId, code, payload)) return
  const answer = answerStray(type, streamId, streams?.has(streamId) ?? false)
  if (answer) connection.write(answer)
}

function refuseHandshake(connection: TcpConnection, map: ControlMap | undefined): void {
  const { log, accounting } = connection.context
  const address = connection.remoteAddress
  if (map?.size === 1 && readSocketId(map) !== undefined) {
    log.info({ address }, 'answered a network test')
    return
  }
  accounting.drop('badHandshake')
  log.warn(
    { address, missing: map && missingProperties(map) },
    'handshake refused: the properties in `missing` are absent or of the wrong type; the sender is no agent',
  )
}
