import t from 'tap'
import { encodePayloadPing, PacketType, SERVER_CLOSE } from '../../../src/receiver/frame.js'
import { TCP_DEFAULTS } from '../../../src/receiver/tcp-options.js'
import type { TcpClient } from '../../builders/tcp-client.js'
import { DUPLEX_ANSWER, handshake, hex, request } from '../../builders/tcp-packets.js'
import { TcpServer } from '../../builders/tcp-server.js'

const PONG = hex('00c9')
const { pingIntervalMs, neverPingedLimitMs } = TCP_DEFAULTS

async function agent(server: TcpServer, version: string): Promise<TcpClient> {
  const client = await server.connect()
  client.send(handshake({ version }))
  await client.take(DUPLEX_ANSWER.length)
  return client
}

/** All that was sent before is read by the server. */
async function settle(client: TcpClient): Promise<Buffer> {
  client.send(request(1))
  return client.take(16)
}

t.test('the server pings with 00c8 until a 00d3 came, and then with 00d2', async (t) => {
  const server = await new TcpServer().start()
  const client = await agent(server, '1.8.5')
  server.advance(pingIntervalMs)
  t.same(await client.take(2), hex('00c8'))
  client.send(PONG, encodePayloadPing(PacketType.pingPayload, 1, 12))
  t.same(await client.take(2), PONG)
  server.advance(pingIntervalMs)
  t.same(await client.take(2), hex('00d2'))
  await server.receiver.close()
})

t.test('a 1.5 agent gets 00c8 for ever, also before any ping of its own', async (t) => {
  const server = await new TcpServer().start()
  const client = await agent(server, '1.5.2')
  for (let round = 0; round < 3; round++) {
    server.advance(pingIntervalMs)
    t.same(await client.take(2), hex('00c8'))
    client.send(PONG, encodePayloadPing(PacketType.ping, round, 12))
    t.same(await client.take(2), PONG)
  }
  await server.receiver.close()
})

t.test('a stop waits for the PONG, so that SERVER_CLOSE is not swallowed by a 1.5 agent', async (t) => {
  const server = await new TcpServer().start()
  const client = await agent(server, '1.5.2')
  server.advance(pingIntervalMs)
  t.same(await client.take(2), hex('00c8'))
  const closed = server.receiver.close()
  t.equal(server.only().state, 30)
  client.send(PONG)
  t.same(await client.takeAll(), SERVER_CLOSE)
  await closed
})

t.test('who never pinged is closed after the limit, unless it is older than 1.7 or answers pings', async (t) => {
  const server = await new TcpServer({ pingIntervalMs: 10 * neverPingedLimitMs }).start()
  const silent = await agent(server, '1.8.5')
  const old = await agent(server, '1.5.2')
  const pinged = await agent(server, '1.8.5')
  const answered = await agent(server, '1.8.5')
  const stranger = await server.connect()
  await settle(stranger)
  pinged.send(hex('00d2'))
  answered.send(PONG)
  await settle(pinged)
  await settle(answered)
  server.advance(neverPingedLimitMs - 1)
  t.equal(server.receiver.counts().open, 5)
  server.advance(1)
  await Promise.all([silent.takeAll(), stranger.takeAll()])
  await server.states(5)
  t.equal(server.receiver.counts().open, 3)
  await settle(old)
  await server.receiver.close()
})

t.test('matches take back mismatches, five marks close', async (t) => {
  const server = await new TcpServer().start()
  const client = await agent(server, '1.8.5')
  const ping = (state: number): Buffer => encodePayloadPing(PacketType.pingPayload, 1, state)
  for (const state of [10, 10, 10, 10, 12, 10, 12, 12, 10, 10]) {
    client.send(ping(state))
    t.same(await client.take(2), PONG)
  }
  client.send(ping(10))
  t.equal((await client.takeAll()).length, 0)
  t.same((await server.states(5)).slice(-1), ['unexpected_shutdown'])
  t.equal(server.events.filter(({ event }) => event === 'ping').length, 3)
  await server.receiver.close()
})

t.test('a lone 00c8 is answered after the wait, and its late body makes the row but no second PONG', async (t) => {
  const server = await new TcpServer().start()
  const client = await agent(server, '1.5.2')
  client.send(request(1), hex('00c8'))
  await client.take(16)
  server.advance(999)
  server.advance(1)
  t.same(await client.take(2), PONG)
  client.send(hex('00000001000c'), request(2))
  t.equal((await client.take(16)).readInt16BE(0), PacketType.response)
  t.same(await server.states(2), ['connected', 'ping'])
  t.equal(server.accounting.packets.tcp, 4)
  await server.receiver.close()
})
