// One TCP connection is a stream of packets, all integers big-endian (spec: wire.md §1.1):
//
//   packet   => type:i16 body
//   body     => 1 SEND, 100 CLIENT_CLOSE, 110 SERVER_CLOSE             payload
//             | 5 REQUEST, 6 RESPONSE, 150 HANDSHAKE, 151 its RESPONSE  requestId:i32 payload
//             | 10 STREAM_CREATE, 20 STREAM_RESPONSE                    streamId:i32 payload
//             | 12 STREAM_CREATE_SUCCESS                                streamId:i32
//             | 14 STREAM_CREATE_FAIL, 15 STREAM_CLOSE                  streamId:i32 code:i16
//             | 17 STREAM_PING, 18 STREAM_PONG                          streamId:i32 requestId:i32
//             | 200 PING                                                nothing, or as 211 (see FrameReader)
//             | 201 PONG, 210 PING_SIMPLE                               nothing
//             | 211 PING_PAYLOAD                                        pingId:i32 stateVersion:i8(0) stateCode:i8
//   payload  => len:i32 byte*len          len <= 0 is an empty payload; Java writes -1 for null
//
// 2 and 3 are reserved numbers which the peer rejects as it does any other type: the connection is closed.

export const enum PacketType {
  send = 1,
  request = 5,
  response = 6,
  streamCreate = 10,
  streamCreateSuccess = 12,
  streamCreateFail = 14,
  streamClose = 15,
  streamPing = 17,
  streamPong = 18,
  streamResponse = 20,
  clientClose = 100,
  serverClose = 110,
  handshake = 150,
  handshakeResponse = 151,
  ping = 200,
  pong = 201,
  pingSimple = 210,
  pingPayload = 211,
}

/** the i16 that every packet starts with */
export const TYPE_BYTES = 2
/** requestId, streamId, pingId */
export const ID_BYTES = 4
export const LENGTH_BYTES = 4
/** pingId, stateVersion, stateCode */
export const PING_BODY_BYTES = 6

const CODE_BYTES = 2
const NULL_LENGTH = -1

/** Shared by all writes: nobody may change these bytes. */
export const PONG: Buffer = Buffer.from([0, PacketType.pong])
export const PING: Buffer = Buffer.from([0, PacketType.ping])
export const PING_SIMPLE: Buffer = Buffer.from([0, PacketType.pingSimple])
export const SERVER_CLOSE: Buffer = encodeNull(PacketType.serverClose)
export const CLIENT_CLOSE: Buffer = encodeNull(PacketType.clientClose)

function encodeNull(type: PacketType.serverClose | PacketType.clientClose): Buffer {
  const frame = Buffer.alloc(TYPE_BYTES + LENGTH_BYTES)
  frame.writeInt16BE(type, 0)
  frame.writeInt32BE(NULL_LENGTH, TYPE_BYTES)
  return frame
}

export function encodeSend(payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(TYPE_BYTES + LENGTH_BYTES + payload.length)
  frame.writeInt16BE(PacketType.send, 0)
  frame.writeInt32BE(payload.length, TYPE_BYTES)
  payload.copy(frame, TYPE_BYTES + LENGTH_BYTES)
  return frame
}

export type IdPayloadType =
  | PacketType.request
  | PacketType.response
  | PacketType.streamCreate
  | PacketType.streamResponse
  | PacketType.handshake
  | PacketType.handshakeResponse

/** One copy of the payload, so that header and payload are one write. */
export function encodeIdPayload(type: IdPayloadType, id: number, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(TYPE_BYTES + ID_BYTES + LENGTH_BYTES + payload.length)
  frame.writeInt16BE(type, 0)
  frame.writeInt32BE(id, TYPE_BYTES)
  frame.writeInt32BE(payload.length, TYPE_BYTES + ID_BYTES)
  payload.copy(frame, TYPE_BYTES + ID_BYTES + LENGTH_BYTES)
  return frame
}

export function encodeStreamCreateSuccess(streamId: number): Buffer {
  const frame = Buffer.allocUnsafe(TYPE_BYTES + ID_BYTES)
  frame.writeInt16BE(PacketType.streamCreateSuccess, 0)
  frame.writeInt32BE(streamId, TYPE_BYTES)
  return frame
}

export function encodeStreamCode(
  type: PacketType.streamCreateFail | PacketType.streamClose,
  streamId: number,
  code: number,
): Buffer {
  const frame = Buffer.allocUnsafe(TYPE_BYTES + ID_BYTES + CODE_BYTES)
  frame.writeInt16BE(type, 0)
  frame.writeInt32BE(streamId, TYPE_BYTES)
  frame.writeInt16BE(code, TYPE_BYTES + ID_BYTES)
  return frame
}

export function encodeStreamPing(
  type: PacketType.streamPing | PacketType.streamPong,
  streamId: number,
  requestId: number,
): Buffer {
  const frame = Buffer.allocUnsafe(TYPE_BYTES + ID_BYTES + ID_BYTES)
  frame.writeInt16BE(type, 0)
  frame.writeInt32BE(streamId, TYPE_BYTES)
  frame.writeInt32BE(requestId, TYPE_BYTES + ID_BYTES)
  return frame
}

/** What agents send: 200 from 1.5 and 1.6, 211 from 1.7 on. */
export function encodePayloadPing(
  type: PacketType.ping | PacketType.pingPayload,
  pingId: number,
  stateCode: number,
): Buffer {
  const frame = Buffer.alloc(TYPE_BYTES + PING_BODY_BYTES)
  frame.writeInt16BE(type, 0)
  frame.writeInt32BE(pingId, TYPE_BYTES)
  frame.writeUInt8(stateCode, TYPE_BYTES + PING_BODY_BYTES - 1)
  return frame
}
