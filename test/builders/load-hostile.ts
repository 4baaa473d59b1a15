import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { encodeIdPayload, PacketType } from '../../src/receiver/frame.js'
import { mutated, mutatedFrame } from './load-mutations.js'
import { bytesOf, type Session } from './load-session.js'
import { UdpSender } from './load-udp.js'
import { handshake } from './tcp-packets.js'
import type { Random } from './thrift-random.js'

const REQUEST_HEAD_BYTES = 10
const REQUEST_LANES = 4
const REQUESTS_A_WRITE = 32
const STREAM_LANES = 16
const MAX_PACKETS_A_CONNECTION = 8
const HANGS_FOR_MS = 30
const DRIP_PAUSE_MS = 50
/** announces 1 MiB, of which a byte comes now and then */
const SLOW_FRAME = encodeIdPayload(PacketType.request, 1, Buffer.alloc(1024 * 1024)).subarray(0, 64)

/** Sends this many damaged datagrams to a UDP port. */
export async function attackUdp(port: number, recorded: readonly Buffer[], packets: number, r: Random): Promise<void> {
  const sender = new UdpSender(port)
  await sender.asRead(() => (sender.sent < packets ? mutated(recorded, r) : undefined))
  sender.close()
}

/** Sends this many requests, in whole packets, with damaged messages. */
export async function attackRequests(
  port: number,
  sessions: readonly Session[],
  packets: number,
  r: Random,
): Promise<void> {
  const messages = bytesOf(sessions, 'packet', PacketType.request).map((p) => p.subarray(REQUEST_HEAD_BYTES))
  let left = packets
  const lane = async (): Promise<void> => {
    const socket = await open(port)
    socket.resume()
    socket.write(handshake({ agentId: 'hostile' }))
    for (let id = 0; left > 0; ) {
      const burst = []
      for (; burst.length < REQUESTS_A_WRITE && left > 0; left--)
        burst.push(encodeIdPayload(PacketType.request, ++id, mutated(messages, r)))
      if (!socket.write(Buffer.concat(burst)) && !socket.closed) await ended(socket, 'drain')
      await pause(1)
    }
    socket.end()
    await ended(socket)
  }
  await Promise.all(Array.from({ length: REQUEST_LANES }, lane))
}

/** Sends this many damaged packets over connections that end in every way, or hang for a moment. */
export async function attackStreams(
  port: number,
  sessions: readonly Session[],
  packets: number,
  r: Random,
): Promise<void> {
  const recorded = bytesOf(sessions, 'packet')
  let left = packets
  const lane = async (): Promise<void> => {
    while (left > 0) {
      const socket = await open(port)
      const n = Math.min(left, 1 + r.below(MAX_PACKETS_A_CONNECTION))
      left -= n
      if (r.chance(0.5)) socket.write(handshake({ agentId: 'hostile' }))
      for (let i = 0; i < n && !socket.destroyed; i++) socket.write(mutatedFrame(recorded, r))
      await farewell(socket, r)
    }
  }
  await Promise.all(Array.from({ length: STREAM_LANES }, lane))
}

async function farewell(socket: Socket, r: Random): Promise<void> {
  const how = r.below(20)
  if (how === 0) await pause(HANGS_FOR_MS)
  if (how < 10) {
    socket.resume()
    socket.end()
    await Promise.race([ended(socket), pause(HANGS_FOR_MS)])
  } else await new Promise((resolve) => socket.write('', resolve))
  if (how < 15) socket.destroy()
  else socket.resetAndDestroy()
}

/** Resolves at the end of the connection, in whatever way, or at that event before it. */
function ended(socket: Socket, or = 'close'): Promise<void> {
  if (socket.closed) return Promise.resolve()
  return new Promise((resolve) => {
    socket.once('close', resolve)
    if (or !== 'close') socket.once(or, resolve)
  })
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Connections that cost a server something: unfinished packets byte by byte, or half closed and never read. */
export class Loiterers {
  closed = 0
  private dripping: NodeJS.Timeout | undefined
  private readonly sockets: Socket[] = []

  /** @param each of both kinds */
  async start(port: number, each: number): Promise<void> {
    for (let i = 0; i < 2 * each; i++) {
      const socket = await open(port)
      socket.on('close', () => this.closed++)
      // a peer that ends is let go; data is not wanted but must be read to see the end
      socket.on('end', () => socket.destroy())
      this.sockets.push(socket)
      socket.write(handshake({ agentId: 'loiterer' }))
      if (i < each) socket.write(SLOW_FRAME)
      else socket.end()
      socket.resume()
    }
    this.dripping = setInterval(() => {
      for (const socket of this.sockets.slice(0, each)) if (socket.writable) socket.write('\0')
    }, DRIP_PAUSE_MS)
  }

  stop(): void {
    clearInterval(this.dripping)
    for (const socket of this.sockets) socket.destroy()
  }
}
