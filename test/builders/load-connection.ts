import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { PacketType, PONG } from '../../src/receiver/frame.js'

const ANSWER_LIMIT_MS = 15_000
const ID_AT = 2
const LENGTH_AT = 6
const PAYLOAD_AT = 10
const CLOSE_BYTES = 6

/** Bytes of the collector's packet that begins here; 0 while that is not known. */
function sizeOf(bytes: Buffer): number {
  if (bytes.length < ID_AT) return 0
  const type = bytes.readInt16BE()
  if (type === PacketType.ping || type === PacketType.pong || type === PacketType.pingSimple) return ID_AT
  if (type === PacketType.serverClose) return CLOSE_BYTES
  if (type !== PacketType.response && type !== PacketType.handshakeResponse)
    throw new Error(`the collector sent a packet of type ${type}`)
  return bytes.length < PAYLOAD_AT ? 0 : PAYLOAD_AT + Math.max(0, bytes.readInt32BE(LENGTH_AT))
}

/** An agent's connection, in whole packets: answers the collector's pings, and knows which answer belongs to which request. */
export class AgentConnection {
  private unread: Buffer = Buffer.alloc(0)
  private readonly waiting = new Map<string, (packet: Buffer | null) => void>()
  closed = false

  private constructor(readonly socket: Socket) {
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => this.receive(chunk))
    socket.on('close', () => {
      this.closed = true
      for (const resolve of this.waiting.values()) resolve(null)
      this.waiting.clear()
    })
  }

  static async open(port: number): Promise<AgentConnection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new AgentConnection(socket)
  }

  /** Sends a REQUEST, HANDSHAKE or ping and waits for its answer; null when there is none. */
  ask(packet: Buffer): Promise<Buffer | null> {
    const key = answerKey(packet)
    if (this.closed) return Promise.resolve(null)
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(null), ANSWER_LIMIT_MS)
      const settle = (answer: Buffer | null): void => {
        clearTimeout(timer)
        this.waiting.delete(key)
        resolve(answer)
      }
      this.waiting.set(key, settle)
      this.socket.write(packet)
    })
  }

  send(packet: Buffer): void {
    this.socket.write(packet)
  }

  /** FIN, as an agent that has said CLIENT_CLOSE. */
  async end(): Promise<void> {
    if (this.closed) return
    const closed = new Promise((resolve) => this.socket.once('close', resolve))
    this.socket.end()
    await closed
  }

  private receive(chunk: Buffer): void {
    this.unread = this.unread.length === 0 ? chunk : Buffer.concat([this.unread, chunk])
    for (let size = sizeOf(this.unread); size > 0 && size <= this.unread.length; size = sizeOf(this.unread)) {
      this.take(this.unread.subarray(0, size))
      this.unread = this.unread.subarray(size)
    }
  }

  private take(packet: Buffer): void {
    const type = packet.readInt16BE()
    if (type === PacketType.ping) this.socket.write(PONG)
    else
      this.waiting.get(type === PacketType.response ? `${type} ${packet.readInt32BE(ID_AT)}` : String(type))?.(packet)
  }
}

function answerKey(packet: Buffer): string {
  const type = packet.readInt16BE()
  if (type === PacketType.request) return `${PacketType.response} ${packet.readInt32BE(ID_AT)}`
  return String(type === PacketType.handshake ? PacketType.handshakeResponse : PacketType.pong)
}

/** Whether an answer is TResult with success. */
export function isSuccess(answer: Buffer | null): boolean {
  return answer !== null && answer.subarray(PAYLOAD_AT).toString('hex') === 'ef1001401100'
}
