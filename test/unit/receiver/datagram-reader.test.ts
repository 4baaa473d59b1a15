import type { Socket } from 'node:dgram'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { DatagramBatch } from '../../../src/receiver/datagram-batch.js'
import { NETWORK_CHECK } from '../../../src/receiver/network-check.js'
import { eventually } from '../../builders/collector.js'
import { client, type Receiving, receiving } from '../../builders/udp-receiving.js'

/** more than what tells that it is busy */
const BURST = 40
/** longer than two of the times that tell that it is quiet */
const QUIET_MS = 1_300

interface Watched extends Receiving {
  /** datagrams that came as events */
  events(): number
}

async function watched(t: Test): Promise<Watched> {
  const r = await receiving(t, { receiveBufferBytes: 1024 * 1024 })
  let events = 0
  r.socket.on('message', () => events++)
  return { ...r, events: () => events }
}

/** Sends so many, and waits until they are taken. */
async function burst(r: Receiving, agent: Socket, count = BURST): Promise<void> {
  const before = r.taken.length
  for (let i = 0; i < count; i++) agent.send(`${before + i}`)
  if (!(await eventually(() => r.taken.length === before + count))) throw new Error('not all were taken')
}

t.test('reads by event what comes now and then', async (t) => {
  const r = await watched(t)
  const agent = await client(t, r.port)
  for (let i = 0; i < BURST; i++) {
    await burst(r, agent, 1)
    await pause(5)
  }
  t.equal(r.events(), BURST)
})

t.test('goes on by clock while many come, by event when few do, and loses none', async (t) => {
  const r = await watched(t)
  const agent = await client(t, r.port)
  await burst(r, agent)
  const before = r.events()
  for (let i = 0; i < 5; i++) await burst(r, agent)
  t.equal(r.events(), before, 'by clock')
  await pause(QUIET_MS)
  await burst(r, agent, 3)
  t.equal(r.events(), before + 3, 'by event again')
  t.strictSame(
    r.taken,
    r.taken.map((_, i) => `${i}`),
    'each once, in order',
  )
  t.equal(r.accounting.packets.stat, r.taken.length)
})

t.test('answers checks and knows senders by clock too', async (t) => {
  const r = await watched(t)
  const agent = await client(t, r.port)
  await burst(r, agent)
  const answered = new Promise((resolve) => agent.once('message', (answer) => resolve(answer.toString())))
  agent.send(NETWORK_CHECK)
  agent.send('')
  t.equal(await answered, 'OK')
  await burst(r, agent, 1)
  t.match(r.remotes.at(-1), { address: '127.0.0.1', port: agent.address().port })
  t.match(r.accounting, { networkChecks: 1, dropped: { emptyDatagram: 1 }, packets: { stat: BURST + 3 } })
})

t.test('standby ends the clock, and what came meanwhile is read afterwards', async (t) => {
  const r = await watched(t)
  const agent = await client(t, r.port)
  await burst(r, agent)
  r.receiver.read(false)
  for (let i = 0; i < 5; i++) agent.send('waits')
  await pause(50)
  t.equal(r.taken.length, BURST)
  r.receiver.read(true)
  t.ok(await eventually(() => r.taken.length === BURST + 5))
})

t.test('close() takes what the kernel holds by clock too', async (t) => {
  const r = await watched(t)
  const agent = await client(t, r.port)
  await burst(r, agent)
  for (let i = 0; i < BURST; i++) agent.send('late')
  await r.receiver.close()
  t.equal(r.taken.length, 2 * BURST)
})

t.test('when reading many fails, it is told once and events go on', async (t) => {
  const r = await watched(t)
  const agent = await client(t, r.port)
  const read = t.intercept(DatagramBatch.prototype, 'read', { value: () => -1 })
  for (let i = 0; i < 5; i++) await burst(r, agent)
  read.restore()
  t.equal(r.events(), 5 * BURST)
  t.match(r.warnings, [/udp reading stat: .* one by one .* please report/])
})
