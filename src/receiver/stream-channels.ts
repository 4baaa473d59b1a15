import { encodeIdPayload, encodeStreamCode, PacketType } from './frame.js'
import { StreamChannel, type StreamHandlers, type StreamOwner } from './stream-channel.js'
import { StreamCode } from './stream-code.js'

/** ids of the TCP server's side are even */
const ID_STEP = 2

/** The streams of one connection by id, all of them opened by us. */
export class StreamChannels implements StreamOwner {
  private readonly channels = new Map<number, StreamChannel>()
  private lastId = 0

  constructor(
    private readonly link: { readonly streamCreateTimeoutMs: number; failed(error: unknown): void },
    readonly write: (frame: Buffer) => void,
  ) {}

  get size(): number {
    return this.channels.size
  }

  has(streamId: number): boolean {
    return this.channels.has(streamId)
  }

  open(payload: Buffer, handlers: StreamHandlers): StreamChannel {
    this.lastId = (this.lastId + ID_STEP) | 0
    const channel = new StreamChannel(this.lastId, handlers, this, this.link.streamCreateTimeoutMs)
    this.channels.set(channel.id, channel)
    this.write(encodeIdPayload(PacketType.streamCreate, channel.id, payload))
    return channel
  }

  forget(streamId: number): void {
    this.channels.delete(streamId)
  }

  failed(error: unknown): void {
    this.link.failed(error)
  }

  /** False when the stream is unknown. */
  receive(type: PacketType, streamId: number, code: number, payload: Buffer): boolean {
    const channel = this.channels.get(streamId)
    if (!channel) return false
    if (type === PacketType.streamResponse) channel.receiveResponse(payload)
    else if (type === PacketType.streamCreateSuccess) channel.receiveSuccess()
    else if (type === PacketType.streamPing) channel.receivePing(code)
    else if (type === PacketType.streamCreateFail || type === PacketType.streamClose) channel.receiveEnd(code)
    return true
  }

  end(): void {
    for (const channel of this.channels.values()) channel.connectionLost()
  }
}

/** The answer to a stream packet that no stream of ours is meant by; undefined when there is none. */
export function answerStray(type: PacketType, streamId: number, inUse: boolean): Buffer | undefined {
  if (type === PacketType.streamClose) return undefined
  if (type === PacketType.streamCreate) {
    const code = inUse ? StreamCode.idDuplicated : StreamCode.connectionUnsupport
    return encodeStreamCode(PacketType.streamCreateFail, streamId, code)
  }
  return encodeStreamCode(PacketType.streamClose, streamId, StreamCode.idNotFound)
}
