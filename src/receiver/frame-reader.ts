import { DecodeError } from '../errors.js'
import { ID_BYTES, LENGTH_BYTES, PacketType, PING_BODY_BYTES, TYPE_BYTES } from './frame.js'
import { type BufferBudget, TailBuffer } from './tail-buffer.js'

// Type 200 is two packets (spec: wire.md §1.4). Which of them, is decided by what follows the two bytes:
//
//   the handshake carried socketId            payload form, wait for the 6 bytes of its body
//   no such handshake, next i16 is 0          payload form: a pingId below 65536, and no packet has type 0
//   no such handshake, next i16 is not 0      simple form, the next packet begins here
//   nothing follows for a while               lonePing: the owner answers it and calls takeLonePing()
//
// Bytes that begin with i16 0 after a lone ping are the late body of that ping.

/** next(): the bytes of the next packet are not all there */
export const INCOMPLETE = 0
/** next(): type 200 in its 8-byte form; `id` is the pingId, `code` the state */
export const PING_WITH_PAYLOAD = -200
/** next(): the body of a ping that was already answered */
export const LATE_PING_BODY = -201

export const EMPTY_PAYLOAD: Buffer = Buffer.alloc(0)

/** Cuts one connection's bytes into packets. push() a chunk, call next() until INCOMPLETE, then settle(). */
export class FrameReader {
  /** requestId, streamId or pingId of the packet that next() returned */
  id = 0
  /** stream code, the requestId of a stream ping, or the state code of a ping */
  code = 0
  /** valid until settle() */
  payload: Buffer = EMPTY_PAYLOAD
  /** type 200 always has a body: set when the handshake carried a socketId */
  pingHasBody = false
  private lateBody = false
  private readonly tail: TailBuffer

  constructor(
    private readonly maxPayloadBytes: number,
    budget: BufferBudget,
  ) {
    this.tail = new TailBuffer(budget)
  }

  /** Bytes that no packet was made of yet. */
  get unread(): number {
    return this.tail.length
  }

  /** Exactly the two bytes 00c8 are there: a simple ping, or the start of one with a body. */
  get lonePing(): boolean {
    return !this.lateBody && this.tail.length === TYPE_BYTES && this.type() === PacketType.ping
  }

  /** The unread bytes are, or may be, the start of a SEND or REQUEST. */
  get holdsMessage(): boolean {
    if (this.tail.length < TYPE_BYTES) return this.tail.length > 0
    const type = this.type()
    return type === PacketType.send || type === PacketType.request
  }

  push(chunk: Buffer): void {
    this.tail.push(chunk)
  }

  /** Forgets the chunk: what is left of it is copied, so that one late byte does not keep 64 KiB alive. */
  settle(): void {
    this.payload = EMPTY_PAYLOAD
    this.tail.settle()
  }

  takeLonePing(): void {
    this.tail.take(TYPE_BYTES)
    this.lateBody = true
    this.settle()
  }

  /** Drops all bytes. */
  release(): void {
    this.tail.take(this.tail.length)
    this.settle()
  }

  /** Type of the next whole packet, or INCOMPLETE. Throws DecodeError when no packet can follow any more. */
  next(): number {
    this.payload = EMPTY_PAYLOAD
    if (this.lateBody && this.tail.length > 0) {
      const found = this.readLateBody()
      if (found !== undefined) return found
    }
    if (this.tail.length < TYPE_BYTES) return INCOMPLETE
    const type = this.type()
    switch (type) {
      case PacketType.send:
      case PacketType.clientClose:
      case PacketType.serverClose:
        return this.readPayload(type, TYPE_BYTES)
      case PacketType.request:
      case PacketType.response:
      case PacketType.streamCreate:
      case PacketType.streamResponse:
      case PacketType.handshake:
      case PacketType.handshakeResponse:
        return this.readPayload(type, TYPE_BYTES + ID_BYTES)
      case PacketType.streamCreateSuccess:
        return this.readFixed(type, TYPE_BYTES + ID_BYTES)
      case PacketType.streamCreateFail:
      case PacketType.streamClose:
        return this.readFixed(type, TYPE_BYTES + ID_BYTES + 2)
      case PacketType.streamPing:
      case PacketType.streamPong:
        return this.readFixed(type, TYPE_BYTES + ID_BYTES + ID_BYTES)
      case PacketType.ping:
        return this.readLegacyPing()
      case PacketType.pong:
      case PacketType.pingSimple:
        this.tail.take(TYPE_BYTES)
        return type
      case PacketType.pingPayload:
        return this.readPing(type, TYPE_BYTES)
      default:
        throw new DecodeError('FRAME_TYPE', `No packet has the type ${type}`, 0)
    }
  }

  private type(): number {
    return this.tail.bytes.readInt16BE(this.tail.start)
  }

  /** `lengthAt`: where in the packet the payload's length stands; an id precedes it when that is not right after the type */
  private readPayload(type: number, lengthAt: number): number {
    const { bytes, start, length } = this.tail
    const payloadAt = lengthAt + LENGTH_BYTES
    if (length < payloadAt) return INCOMPLETE
    const announced = bytes.readInt32BE(start + lengthAt)
    if (announced > this.maxPayloadBytes) {
      throw new DecodeError('FRAME_TOO_LARGE', `Packet of type ${type} announces ${announced} bytes`, lengthAt)
    }
    const size = payloadAt + Math.max(0, announced)
    if (length < size) {
      this.tail.expect(size)
      return INCOMPLETE
    }
    if (lengthAt > TYPE_BYTES) this.id = bytes.readInt32BE(start + TYPE_BYTES)
    this.payload = announced > 0 ? bytes.subarray(start + payloadAt, start + size) : EMPTY_PAYLOAD
    this.tail.take(size)
    return type
  }

  private readFixed(type: number, size: number): number {
    const { bytes, start, length } = this.tail
    if (length < size) return INCOMPLETE
    this.id = bytes.readInt32BE(start + TYPE_BYTES)
    const rest = size - TYPE_BYTES - ID_BYTES
    if (rest > 0) this.code = bytes.readIntBE(start + TYPE_BYTES + ID_BYTES, rest)
    this.tail.take(size)
    return type
  }

  private readLegacyPing(): number {
    if (this.pingHasBody) return this.readPing(PING_WITH_PAYLOAD, TYPE_BYTES)
    const follows = this.bodyFollows(TYPE_BYTES)
    if (follows === undefined) return INCOMPLETE
    if (follows) return this.readPing(PING_WITH_PAYLOAD, TYPE_BYTES)
    this.tail.take(TYPE_BYTES)
    return PacketType.ping
  }

  private readLateBody(): number | undefined {
    const follows = this.bodyFollows(0)
    if (follows === undefined) return INCOMPLETE
    if (follows) return this.readPing(LATE_PING_BODY, 0)
    this.lateBody = false
    return undefined
  }

  /** Whether the i16 at `offset` is 0; undefined when too few bytes are there to tell. */
  private bodyFollows(offset: number): boolean | undefined {
    const { bytes, start, length } = this.tail
    if (length > offset && bytes[start + offset] !== 0) return false
    return length < offset + TYPE_BYTES ? undefined : bytes[start + offset + 1] === 0
  }

  private readPing(type: number, bodyAt: number): number {
    const { bytes, start, length } = this.tail
    if (length < bodyAt + PING_BODY_BYTES) return INCOMPLETE
    this.id = bytes.readInt32BE(start + bodyAt)
    this.code = bytes.readUInt8(start + bodyAt + PING_BODY_BYTES - 1)
    this.tail.take(bodyAt + PING_BODY_BYTES)
    this.lateBody = false
    return type
  }
}
