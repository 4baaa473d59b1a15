import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { DgramAsPromised, type SocketAsPromised } from 'dgram-as-promised'
import type { Test } from 'tap'
import { Accounting } from '../../src/accounting.js'
import { DatagramBatch } from '../../src/receiver/datagram-batch.js'
import { UdpReceiver, type UdpReceiverOptions } from '../../src/receiver/udp-receiver.js'

export const OPTIONS: UdpReceiverOptions = {
  name: 'stat',
  host: '127.0.0.1',
  port: 0,
  receiveBufferBytes: 64 * 1024,
  loadBalancerIps: new Set(),
}

export interface Receiving {
  receiver: UdpReceiver
  port: number
  accounting: Accounting
  warnings: string[]
  /** what the handler got, as text */
  taken: string[]
  remotes: { address: string; port: number }[]
  /** the receiver's own: emits what a test lets it hear */
  socket: Socket
}

/** A receiver on a free port, and what it was given. */
export async function receiving(t: Test, options: Partial<UdpReceiverOptions> = {}): Promise<Receiving> {
  const accounting = new Accounting()
  const warnings: string[] = []
  const taken: string[] = []
  const remotes: Receiving['remotes'] = []
  const created = t.capture(DgramAsPromised, 'createSocket', DgramAsPromised.createSocket)
  const receiver = new UdpReceiver(
    { ...OPTIONS, ...options },
    (bytes, at, end, { address, port }) => {
      taken.push(bytes.toString('utf8', at, end))
      remotes.push({ address, port })
    },
    accounting,
    (key, text) => void warnings.push(`${key}: ${text}`),
  )
  const port = await receiver.start(new DatagramBatch())
  const [made] = created()
  if (!('returned' in made)) throw new Error('no socket was made')
  const { socket } = made.returned as SocketAsPromised
  created.restore()
  t.teardown(() => receiver.close())
  return { receiver, port, accounting, warnings, taken, remotes, socket }
}

/** Connected, so that the kernel has a datagram when send() returns. */
export async function client(t: Test, port: number): Promise<Socket> {
  const socket = createSocket('udp4')
  t.teardown(() => void socket.close())
  const connected = once(socket, 'connect')
  socket.connect(port, '127.0.0.1')
  await connected
  return socket
}
