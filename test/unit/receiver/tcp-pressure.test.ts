import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { encodeSend } from '../../../src/receiver/frame.js'
import { DUPLEX_ANSWER, handshake, hex, request, response } from '../../builders/tcp-packets.js'
import { TcpServer } from '../../builders/tcp-server.js'

t.test('pipelined requests are answered in any order', async (t) => {
  const server = await new TcpServer().start()
  server.onRequest = () => {}
  const client = await server.connect()
  client.send(request(1, hex('01')), request(2, hex('02')))
  while (server.requests.length < 2) await server.next('request')
  t.same(
    server.requests.map(({ payload }) => payload.toString('hex')),
    ['01', '02'],
  )
  const connection = server.only()
  t.equal(connection.unansweredRequests, 2)
  connection.respond(2, hex('bb'))
  connection.respond(2, hex('ff'))
  connection.respond(1, hex('aa'))
  t.same(await client.take(22), Buffer.concat([response(2, hex('bb')), response(1, hex('aa'))]))
  await server.receiver.close()
})

t.test('a connection with too many unanswered requests is not read until half are answered', async (t) => {
  const server = await new TcpServer({ maxUnansweredRequests: 4 }).start()
  server.onRequest = () => {}
  const client = await server.connect()
  const other = await server.connect()
  client.send(...Array.from({ length: 10 }, (_, index) => request(index + 1)))
  while (server.requests.length < 4) await server.next('request')
  const { connection } = server.requests[0]
  other.send(encodeSend(hex('01')))
  await server.next('send')
  t.equal(server.requests.length, 4, 'another connection is read meanwhile')
  connection.respond(1, hex('aa'))
  t.equal(server.requests.length, 4)
  connection.discard(2)
  t.equal(server.requests.length, 6, 'two more are taken of what was read before')
  for (let id = 3; id <= 10; id++) connection.respond(id, hex('aa'))
  while (server.requests.length < 10) await server.next('request')
  connection.respond(9, hex('aa'))
  connection.respond(10, hex('aa'))
  t.equal((await client.take(9 * 11)).length, 99)
  t.equal(connection.unansweredRequests, 0)
  await server.receiver.close()
})

t.test('what a held connection had sent before it ended is not lost', async (t) => {
  const server = await new TcpServer({ maxUnansweredRequests: 1 }).start()
  server.onRequest = () => {}
  const client = await server.connect()
  client.send(request(1), request(2), encodeSend(hex('05')))
  while (server.requests.length < 1) await server.next('request')
  const closed = server.receiver.close()
  t.equal(server.requests.length, 2)
  t.equal(server.sends.length, 1)
  server.only().discard(1)
  server.only().discard(2)
  await client.takeAll()
  await closed
})

t.test('a packet that stays unfinished closes its connection, an idle one lives', async (t) => {
  for (const [rest, lost] of [
    ['0005', 1],
    ['00', 1],
    ['000100000005aa', 1],
    ['0006000000', 0],
    ['00d30000', 0],
  ] as const) {
    const server = await new TcpServer({ frameTimeoutMs: 5000 }).start()
    const idle = await server.connect()
    idle.send(request(1))
    await idle.take(16)
    const slow = await server.connect()
    slow.send(request(1), hex(rest))
    await slow.take(16)
    server.advance(4999)
    t.equal(server.receiver.counts().open, 2)
    server.advance(1)
    t.equal((await slow.takeAll()).length, 0)
    idle.send(request(2))
    t.equal((await idle.take(16)).length, 16)
    t.equal(server.accounting.dropped.slowPeer, lost, rest)
    await server.receiver.close()
  }
})

t.test('bytes that trickle in do not renew the time of their packet', async (t) => {
  const server = await new TcpServer({ frameTimeoutMs: 5000 }).start()
  const slow = await server.connect()
  slow.send(request(1), hex('0001000f0000'))
  await slow.take(16)
  server.advance(3000)
  const { bufferedBytes } = server.receiver.counts()
  slow.send(Buffer.alloc(200))
  while (server.receiver.counts().bufferedBytes === bufferedBytes) await turn()
  server.advance(2000)
  await slow.takeAll()
  t.equal(server.accounting.dropped.slowPeer, 1)
  await server.receiver.close()
})

t.test('a peer that does not read its answers is closed', async (t) => {
  const server = await new TcpServer({ writeLimitBytes: 100_000 }).start()
  const answer = Buffer.alloc(1_000_000)
  server.onRequest = (connection, requestId) => connection.respond(requestId, answer)
  const client = await server.connect()
  client.socket.pause()
  const warned = server.next('warn')
  client.send(...Array.from({ length: 100 }, (_, index) => request(index + 1)))
  await warned
  t.match(server.warnings, [/does not read/])
  t.ok(server.requests.length < 100)
  const ended = once(client.socket, 'close')
  client.socket.resume()
  await ended
  t.equal(server.accounting.dropped.slowPeer, 0, 'nothing that was received is lost')
  await server.receiver.close()
})

t.test('what cannot be a packet closes its connection and is counted if it may be a message', async (t) => {
  for (const [bytes, dropped] of [
    ['000200000001', { badFrame: 1 }],
    ['474554202f20485454502f312e31', { badFrame: 1 }],
    ['00057fffffff7fffffff', { payloadTooLarge: 1 }],
    ['00017fffffff', { payloadTooLarge: 1 }],
    ['0096000000007fffffff', { payloadTooLarge: 0, badFrame: 0 }],
  ] as const) {
    const server = await new TcpServer().start()
    const client = await server.connect()
    client.send(handshake(), hex(bytes))
    await client.takeAll()
    await server.states(2)
    t.match(server.accounting.dropped, dropped, bytes)
    t.equal(server.warnings.length, 1)
    t.equal(server.receiver.counts().bufferedBytes, 0)
    await server.receiver.close()
  }
})

t.test('random bytes hurt no other connection', async (t) => {
  const server = await new TcpServer().start()
  const good = await server.connect()
  good.send(handshake())
  await good.take(DUPLEX_ANSWER.length)
  let seed = 42
  const random = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648)
  for (let round = 0; round < 50; round++) {
    const bad = await server.connect()
    bad.socket.end(Buffer.from(Array.from({ length: 200 }, () => (random() >> 8) & 255)))
    await bad.takeAll()
  }
  good.send(request(1))
  t.same(await good.take(16), response(1))
  await server.receiver.close()
})
