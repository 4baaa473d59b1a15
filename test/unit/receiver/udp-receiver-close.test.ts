import t from 'tap'
import { Accounting } from '../../../src/accounting.js'
import { UdpReceiver } from '../../../src/receiver/udp-receiver.js'
import { client, OPTIONS, receiving } from '../../builders/udp-receiving.js'

/** more than one poll of libuv reads, and little beside the smallest receive buffer */
const HELD = 100
/** longer than close() waits for a datagram */
const BUSY_MS = 50

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
