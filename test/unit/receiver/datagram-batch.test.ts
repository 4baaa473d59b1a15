import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { DatagramBatch, SLOTS } from '../../../src/receiver/datagram-batch.js'
import { handleOf } from '../../../src/receiver/socket-handle.js'

/** A socket that reads nothing by itself, its descriptor, and one that sends to it. */
async function pair(t: Test, type: 'udp4' | 'udp6' = 'udp4'): Promise<{ fd: number; sender: Socket }> {
  const address = type === 'udp4' ? '127.0.0.1' : '::1'
  const socket = createSocket(type)
  t.teardown(() => void socket.close())
  socket.on('message', () => t.fail('it was left unread'))
  socket.bind(0, address)
  await once(socket, 'listening')
  const handle = handleOf(socket)
  if (handle === null) throw new Error('no handle')
  handle.recvStop()
  const sender = createSocket(type)
  t.teardown(() => void sender.close())
  sender.connect(socket.address().port, address)
  await once(sender, 'connect')
  return { fd: handle.fd, sender }
}

function texts(batch: DatagramBatch, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    batch.bytes.toString('latin1', batch.at(i), batch.at(i) + batch.length(i)),
  )
}

t.test('Linux on usual processors can read many at once', async (t) => {
  const batch = new DatagramBatch()
  t.equal(batch.canRead, process.platform === 'linux')
})

t.test('reads what a socket holds, in order, each with its sender', async (t) => {
  const batch = new DatagramBatch()
  const { fd, sender } = await pair(t)
  t.equal(batch.read(fd), 0, 'nothing yet')
  const sent = ['one', '', 'three', 'x'.repeat(65_507), 'five']
  for (const text of sent) sender.send(text)
  const count = batch.read(fd)
  t.equal(count, sent.length)
  t.strictSame(texts(batch, count), sent)
  for (let i = 0; i < count; i++) {
    const { address, port } = batch.sender(i)
    t.strictSame([address, port], ['127.0.0.1', sender.address().port])
  }
  t.equal(batch.read(fd), 0, 'each once')
})

t.test('what does not fit into one read comes with the next', async (t) => {
  const batch = new DatagramBatch()
  const { fd, sender } = await pair(t)
  const sent = Array.from({ length: SLOTS + 3 }, (_, i) => `datagram ${i}`)
  for (const text of sent) sender.send(text)
  t.equal(batch.read(fd), SLOTS)
  t.strictSame(texts(batch, SLOTS), sent.slice(0, SLOTS))
  t.equal(batch.read(fd), 3)
  t.strictSame(texts(batch, 3), sent.slice(SLOTS))
})

t.test('sockets use it in turn, whatever their family', async (t) => {
  const batch = new DatagramBatch()
  const v4 = await pair(t)
  const v6 = await pair(t, 'udp6').catch(() => null)
  for (let round = 0; round < 2; round++)
    for (const [one, address] of [
      [v4, '127.0.0.1'],
      [v6, '::1'],
    ] as const) {
      if (one === null) continue
      one.sender.send('text')
      t.strictSame([batch.read(one.fd), batch.sender(0).address], [1, address])
      t.equal(batch.sender(0).port, one.sender.address().port)
    }
})

t.test('what the kernel writes to stays where it is while memory is collected', async (t) => {
  const batches = Array.from({ length: 4 }, () => new DatagramBatch())
  const { fd, sender } = await pair(t)
  for (let i = 0; i < 200; i++) Buffer.alloc(1 << 20, i)
  for (const batch of batches)
    for (let round = 0; round < 10; round++) {
      sender.send(`round ${round}`)
      t.strictSame([batch.read(fd), ...texts(batch, 1)], [1, `round ${round}`])
    }
})

t.test('a descriptor that is no socket is told', async (t) => {
  const batch = new DatagramBatch()
  t.strictSame([batch.read(-1), batch.failure], [-1, 'EBADF'])
})

t.test('a datagram that came another way is number 0', async (t) => {
  const batch = new DatagramBatch()
  batch.put(Buffer.from('text'))
  t.equal(batch.bytes.toString('latin1', batch.at(0), batch.at(0) + 4), 'text')
})
