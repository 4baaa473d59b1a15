import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { Generators } from '../agent/generators.js'
import { datagramsOf } from '../agent/sender.js'
import type { BenchOptions } from './options.js'

export interface GeneratorMax {
  /** datagrams a second that the generators send to a socket that nobody reads */
  datagramRate: number
  cpuUsADatagram: number
}

const SECONDS = 1

async function silentSocket(): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

/** How fast the generators are by themselves: what they cannot send, no collector can be shown to take. */
export async function generatorMax({ generators: processes, agents, spans }: BenchOptions): Promise<GeneratorMax> {
  const [span, stat] = [await silentSocket(), await silentSocket()]
  const ports = { tcp: 0, stat: stat.address().port, span: span.address().port }
  const generators = await Generators.connect(ports, { processes, agents, events: spans, cpus: null, tcp: false })
  const sent = await generators.send(Infinity, SECONDS)
  await generators.end()
  span.close()
  stat.close()
  const datagrams = datagramsOf(sent)
  return { datagramRate: (datagrams * 1000) / sent.tookMs, cpuUsADatagram: (sent.cpuSeconds * 1e6) / datagrams }
}
