import { createSocket } from 'node:dgram'
import { connect } from 'node:net'

// handshake        => type:i16=150 requestId:i32=0 length:i32 map      (spec: wire.md §1.1, §1.3, §1.5)
// its answer       => type:i16=151 …
// close            => type:i16=100 length:i32=-1
// UDP check        => ef 10 00 0a, answered with "OK"                   (spec: wire.md §2.5)

const HANDSHAKE_RESPONSE = 151
const SOCKET_ID_MAP = Buffer.concat([
  Buffer.from('M'),
  Buffer.from('S\x08socketId'),
  Buffer.from('I\0\0\0\x01'),
  Buffer.from('z'),
])
const HANDSHAKE = Buffer.concat([Buffer.from('00960000000000000000', 'hex'), SOCKET_ID_MAP])
HANDSHAKE.writeInt32BE(SOCKET_ID_MAP.length, 6)
const CLIENT_CLOSE = Buffer.from('0064ffffffff', 'hex')
const UDP_CHECK = Buffer.from('ef10000a', 'hex')
const UDP_OK = 'OK'

/** Why a port cannot be used; undefined when it can. */
export type ProbeResult = string | undefined

/** Connects as an agent does, sends a handshake, and waits for its answer. */
export function probeTcp(host: string, port: number, timeoutMs: number): Promise<ProbeResult> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0)
    const socket = connect({ host, port })
    const timer = setTimeout(() => end(`no answer in ${timeoutMs} ms`), timeoutMs)
    const end = (result: ProbeResult): void => {
      clearTimeout(timer)
      resolve(result)
      if (result === undefined) socket.end(CLIENT_CLOSE, () => socket.destroy())
      else socket.destroy()
    }
    socket.on('error', (error) => end(error.message))
    socket.on('close', () => end('the connection was closed before the handshake was answered'))
    socket.on('connect', () => socket.write(HANDSHAKE))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 2) return
      const type = received.readInt16BE(0)
      end(type === HANDSHAKE_RESPONSE ? undefined : `answered with packet type ${type}: not a Pinpoint collector`)
    })
  })
}

/** Sends the agent's check packet from a connected socket, and waits for OK from the same port. */
export function probeUdp(host: string, port: number, timeoutMs: number, family: 4 | 6): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
    const timer = setTimeout(() => end(`no answer in ${timeoutMs} ms`), timeoutMs)
    let ended = false
    const end = (result: ProbeResult): void => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      socket.close()
      resolve(result)
    }
    socket.on('error', (error) => end(error.message))
    socket.on('message', (message) => {
      end(message.toString('latin1') === UDP_OK ? undefined : 'answered with something other than OK')
    })
    socket.connect(port, host, () => {
      if (!ended) socket.send(UDP_CHECK)
    })
  })
}
