import { PacketType } from '../../src/receiver/frame.js'
import type { CollectorPorts } from './collector.js'
import { AgentConnection } from './load-connection.js'
import type { Session } from './load-session.js'
import { pause, UdpSender } from './load-udp.js'

const BURST = 16

export interface ReplayOptions {
  /** datagrams a second */
  udpRate?: number
  /** packet types that are left out */
  skip?: readonly number[]
}

export interface Replayed {
  datagrams: number
  requests: number
  /** packets that wanted an answer and got none */
  unanswered: number
}

/** Sends a session in its order, each TCP packet after the answer to the one before. */
export async function replay(session: Session, ports: CollectorPorts, options: ReplayOptions = {}): Promise<Replayed> {
  const { udpRate = 2_000, skip = [] } = options
  const udp = { stat: new UdpSender(ports.stat), span: new UdpSender(ports.span) }
  const connections = new Map<number, AgentConnection>()
  const result: Replayed = { datagrams: 0, requests: 0, unanswered: 0 }
  for (const step of session.steps) {
    if (step.do === 'stat' || step.do === 'span') {
      udp[step.do].send(step.bytes)
      if (++result.datagrams % BURST === 0) await pause((BURST * 1000) / udpRate)
    } else if (step.do === 'open') {
      connections.set(step.connection, await AgentConnection.open(ports.tcp))
    } else {
      const connection = connections.get(step.connection)!
      if (step.do === 'end') await connection.end()
      else if (step.do === 'reset') await reset(connection)
      else if (step.type === PacketType.clientClose) connection.send(step.bytes)
      else if (!skip.includes(step.type)) {
        if (step.type === PacketType.request) result.requests++
        if ((await connection.ask(step.bytes)) === null) result.unanswered++
      }
    }
  }
  for (const connection of connections.values()) await connection.end()
  for (const sender of Object.values(udp)) {
    await sender.flushed()
    sender.close()
  }
  return result
}

/** The end of a connection is a row with its time in ms in the key: ends of one agent that came together would be one row. */
const APART_MS = 30

async function reset(connection: AgentConnection): Promise<void> {
  if (connection.closed) return
  const closed = new Promise((resolve) => connection.socket.once('close', resolve))
  connection.socket.resetAndDestroy()
  await closed
  await pause(APART_MS)
}
