import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { DgramAsPromised, type SocketAsPromised } from 'dgram-as-promised'
import t, { type Test } from 'tap'
import { Accounting } from '../../../src/accounting.js'
import { UdpReceiver, type UdpReceiverOptions } from '../../../src/receiver/udp-receiver.js'

/** more than one poll of libuv reads, and little beside the smallest receive buffer */
const HELD = 100
/** longer than close() waits for a datagram */
const BUSY_MS = 50

const OPTIONS: UdpReceiverOptions = {
  name: 'stat',
  host: '127.0.0.1',
  port: 0,
  receiveBufferBytes: 64 * 1024,
  loadBalancerIps: new Set(),
}

interface Receiving {
  receiver: UdpReceiver
  port: number
  accounting: Accounting
  warnings: string[]
  /** what the handler got, as text */
  taken: string[]
  remotes: RemoteInfo[]
  /** the receiver's own: emits what a test lets it hear */
  socket: Socket
}

async function receiving(t: Test, options: Partial<UdpReceiverOptions> = {}): Promise<Receiving> {
  const accounting = new Accounting()
  const warnings: string[] = []
  const taken: string[] = []
  const remotes: RemoteInfo[] = []
  const created = t.capture(DgramAsPromised, 'createSocket', DgramAsPromised.createSocket)
  const receiver = new UdpReceiver(
    { ...OPTIONS, ...options },
    (datagram, remote) => {
      taken.push(datagram.toString())
      remotes.push(remote)
    },
    accounting,
    (key, text) => void warnings.push(`${key}: ${text}`),
  )
  const port = await receiver.start()
  const [made] = created()
  if (!('returned' in made)) throw new Error('no socket was made')
  const { socket } = made.returned as SocketAsPromised
  created.restore()
  t.teardown(() => receiver.close())
  return { receiver, port, accounting, warnings, taken, remotes, socket }
}

/** Connected, so that the kernel has a datagram when send() returns. */
async function client(t: Test, port: number): Promise<Socket> {
  const socket = createSocket('udp4')
  t.teardown(() => void socket.close())
  const connected = once(socket, 'connect')
  socket.connect(port, '127.0.0.1')
  await connected
  return socket
}

t.test('close() takes what the kernel holds, then frees the port', async (t) => {
  const r = await receiving(t)
  const agent = await client(t, r.port)
  for (let i = 0; i < HELD; i++) agent.send(String(i))
  t.equal(r.accounting.packets.stat, 0, 'none was read yet')
  await r.receiver.close()
  t.equal(r.accounting.packets.stat, HELD)
  t.strictSame(
    r.taken,
    Array.from({ length: HELD }, (_, i) => String(i)),
  )
  const next = await receiving(t, { port: r.port })
  t.equal(next.port, r.port)
})

t.test('close() does so when the process was busy with something else meanwhile', async (t) => {
  const r = await receiving(t)
  const agent = await client(t, r.port)
  // from here to the timers nothing is read
  await new Promise(setImmediate)
  for (let i = 0; i < HELD; i++) agent.send(String(i))
  const closed = r.receiver.close()
  for (const end = performance.now() + BUSY_MS; performance.now() < end; );
  await closed
  t.equal(r.accounting.packets.stat, HELD)
})

t.test('close() ends although the agents go on sending', async (t) => {
  const r = await receiving(t)
  const agent = await client(t, r.port)
  agent.on('error', () => {}) // when the port is closed
  const sending = setInterval(() => agent.send('more'), 1)
  await r.receiver.close()
  clearInterval(sending)
  t.ok(r.taken.length > 1)
})

t.test('close() twice and close() before start() are fine', async (t) => {
  const r = await receiving(t)
  await r.receiver.close()
  await r.receiver.close()
  t.throws(() => r.socket.address(), 'the socket is closed')
  const never = new UdpReceiver(
    OPTIONS,
    () => {},
    new Accounting(),
    () => {},
  )
  await t.resolves(never.close())
})
