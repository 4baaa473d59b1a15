import { once } from 'node:events'
import t from 'tap'
import { encodeSend } from '../../../src/receiver/frame.js'
import { TcpClient } from '../../builders/tcp-client.js'
import { DUPLEX_ANSWER, handshake, hex, request, response } from '../../builders/tcp-packets.js'
import { TcpServer } from '../../builders/tcp-server.js'
import { TCP_VECTORS } from '../../builders/tcp-vectors.js'

t.test('a port in use makes start() reject', async (t) => {
  const first = new TcpServer()
  const { port } = await first.receiver.start()
  await t.rejects(new TcpServer({ port }).receiver.start(), { code: 'LISTEN', message: /tcp.port/ })
  await first.receiver.close()
  await t.rejects(TcpClient.connect(port), { code: 'ECONNREFUSED' })
})

t.test('connections over maxConnections are refused and counted', async (t) => {
  const server = await new TcpServer({ maxConnections: 1 }).start()
  const first = await server.connect()
  first.send(request(1))
  await first.take(16)
  const second = await server.connect()
  t.equal((await second.takeAll()).length, 0)
  t.match(server.receiver.counts(), { open: 1, refused: 1 })
  t.match(server.warnings, [/maxConnections/])
  const ended = once(first.socket, 'close')
  first.socket.end()
  await ended
  await server.receiver.close()
})

t.test('a load balancer is accepted, read and never answered', async (t) => {
  const server = await new TcpServer({ loadBalancerIps: ['127.0.0.1'] }).start()
  const client = await server.connect()
  client.send(handshake(), request(1), hex('0002'))
  client.socket.end()
  t.equal((await client.takeAll()).length, 0)
  t.match(server.receiver.counts(), { open: 0, agents: 0 })
  t.equal(server.accounting.packets.tcp, 0)
  t.equal(server.events.length, 0)
  await server.connect()
  await server.receiver.close()
})

t.test('an exception in the handler hurts nobody and is counted', async (t) => {
  const server = await new TcpServer({ maxUnansweredRequests: 1 }).start()
  const client = await server.connect()
  const explode = (): never => {
    throw new Error('boom')
  }
  server.onSend = explode
  server.onState = explode
  server.onRequest = (connection, requestId) => {
    if (requestId < 3) explode()
    connection.respond(requestId, hex('ef1001401100'))
  }
  client.send(handshake(), encodeSend(hex('01')), request(1), request(2), request(3))
  t.same(await client.take(DUPLEX_ANSWER.length + 16), Buffer.concat([DUPLEX_ANSWER, response(3)]))
  t.equal(server.receiver.counts().handlerErrors, 4)
  t.match(server.warnings, Array(4).fill(/handler failed/))
  await server.receiver.close()
})

t.test('properties, counts and addresses of connections are shown', async (t) => {
  const server = await new TcpServer().start()
  const client = await server.connect()
  client.send(handshake({ supportCommandList: [710] }))
  await client.take(DUPLEX_ANSWER.length)
  const connection = server.only()
  t.match(connection, { remoteAddress: '127.0.0.1', connectedAt: 1_600_000_000_000, state: 12, isDuplex: true })
  t.match(connection.properties, { agentId: 'agent-1', hostName: 'host-1', pid: 4242, supportCommandList: [710] })
  t.match(server.receiver.counts(), { open: 1, agents: 1, duplex: 1, loadBalancers: 0, bufferedBytes: 0 })
  await server.receiver.close()
})

t.test('every vector that an agent sends, concatenated, is taken by one connection', async (t) => {
  const fromServer = /response\.(duplex|simplex|already|property|protocol)|server_close|server_to_agent|web|collector/
  const own = TCP_VECTORS.vectors.filter(({ name }) => !fromServer.test(name) && !/client_close|simple$/.test(name))
  const server = await new TcpServer().start()
  const client = await server.connect()
  client.send(...own.map(({ hex: bytes }) => hex(bytes)), request(1000))
  const requests = own.filter(({ decoded }) => decoded.type === 5).length
  while (server.requests.length < requests + 1) await server.next('request')
  t.equal(server.accounting.packets.tcp, own.length + 1)
  t.equal(server.sends.length, 1)
  t.match(server.accounting.dropped, { badFrame: 0, payloadTooLarge: 0, slowPeer: 0 })
  t.equal(server.receiver.counts().open, 1)
  await server.receiver.close()
})

t.test('close() twice and close() before start() are fine', async (t) => {
  await t.resolves(new TcpServer().receiver.close())
  const other = new TcpServer()
  const { port } = await other.receiver.start()
  await Promise.all([other.receiver.close(), other.receiver.close()])
  await t.rejects(TcpClient.connect(port), { code: 'ECONNREFUSED' })
})
