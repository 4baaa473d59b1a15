import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { encodeControlMap } from '../receiver/control-map.js'
import { CLIENT_CLOSE, encodeIdPayload, PacketType } from '../receiver/frame.js'
import { NETWORK_CHECK, NETWORK_CHECK_ANSWER } from '../receiver/network-check.js'

/** Sent by the agent's own test tool: a handshake that names nobody (spec: wire.md §1.5). */
const HANDSHAKE = encodeIdPayload(PacketType.handshake, 0, encodeControlMap(new Map([['socketId', 1]])))

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
      end(
        type === PacketType.handshakeResponse
          ? undefined
          : `answered with packet type ${type}: not a Pinpoint collector`,
      )
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
      end(NETWORK_CHECK_ANSWER.equals(message) ? undefined : 'answered with something other than OK')
    })
    socket.connect(port, host, () => {
      if (!ended) socket.send(NETWORK_CHECK)
    })
  })
}
