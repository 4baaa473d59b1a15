import t from 'tap'
import { CLIENT_CLOSE, encodePayloadPing, PacketType, SERVER_CLOSE } from '../../../src/receiver/frame.js'
import { isRunning, mayEnter, SocketState, stateAfterEnd } from '../../../src/receiver/socket-state.js'
import type { TcpClient } from '../../builders/tcp-client.js'
import { DUPLEX_ANSWER, handshake, hex, request, response } from '../../builders/tcp-packets.js'
import { TcpServer } from '../../builders/tcp-server.js'

const AGENT = {
  agentId: 'agent-1',
  applicationName: 'APP',
  remoteAddress: '127.0.0.1',
  startTimestamp: 1460000000000n,
  socketId: 1,
}

async function agent(server: TcpServer, changes: Parameters<typeof handshake>[0] = {}): Promise<TcpClient> {
  const client = await server.connect()
  client.send(handshake(changes))
  await client.take(DUPLEX_ANSWER.length)
  return client
}

t.test('handshake, ping, clean close make exactly three events', async (t) => {
  const server = await new TcpServer().start()
  const client = await agent(server)
  client.send(encodePayloadPing(PacketType.pingPayload, 7, SocketState.runDuplex))
  t.same(await client.take(2), hex('00c9'))
  client.socket.end(CLIENT_CLOSE)
  await server.states(3)
  const timestamp = 1_600_000_000_000
  t.same(server.events, [
    { ...AGENT, event: 'connected', pingId: 0, timestamp },
    { ...AGENT, event: 'ping', pingId: 7, timestamp },
    { ...AGENT, event: 'shutdown', pingId: 0, timestamp },
  ])
  await server.receiver.close()
  t.equal(server.events.length, 3)
})

t.test('FIN or RST without CLIENT_CLOSE is an unexpected shutdown', async (t) => {
  for (const reset of [false, true]) {
    const server = await new TcpServer().start()
    const client = await agent(server)
    if (reset) client.socket.resetAndDestroy()
    else client.socket.end()
    t.same(await server.states(2), ['connected', 'unexpected_shutdown'])
    await server.receiver.close()
    t.equal(server.events.length, 2)
  }
})

t.test('a stop of the server: SERVER_CLOSE, FIN, one event for each agent', async (t) => {
  const server = await new TcpServer().start()
  const clients = await Promise.all([agent(server), agent(server), agent(server)])
  const closed = server.receiver.close()
  for (const client of clients) t.same(await client.takeAll(), SERVER_CLOSE)
  await closed
  t.same(server.events.map(({ event }) => event).sort(), [
    'closed_by_server',
    'closed_by_server',
    'closed_by_server',
    'connected',
    'connected',
    'connected',
  ])
  t.equal(server.receiver.counts().open, 0)
})

t.test('owed answers go out before SERVER_CLOSE', async (t) => {
  const server = await new TcpServer().start()
  server.onRequest = () => {}
  const client = await agent(server)
  client.send(request(3))
  await server.next('request')
  const closed = server.receiver.close()
  server.only().respond(3, hex('aa'))
  t.same(await client.takeAll(), Buffer.concat([response(3, hex('aa')), SERVER_CLOSE]))
  await closed
})

t.test('an answer that never comes holds the stop for drainTimeoutMs only', async (t) => {
  const server = await new TcpServer({ drainTimeoutMs: 1000 }).start()
  server.onRequest = () => {}
  const client = await agent(server)
  client.send(request(3))
  await server.next('request')
  const closed = server.receiver.close()
  server.advance(1000)
  t.same(await client.takeAll(), SERVER_CLOSE)
  await closed
})

t.test('who connects while the server stops gets SERVER_CLOSE and FIN', async (t) => {
  const server = await new TcpServer().start()
  server.onRequest = () => {}
  const client = await agent(server)
  client.send(request(3))
  await server.next('request')
  const closed = server.receiver.close()
  const late = await server.connect()
  t.same(await late.takeAll(), SERVER_CLOSE)
  server.only().discard(3)
  await closed
  t.same(await client.takeAll(), SERVER_CLOSE)
  t.same(await server.states(2), ['connected', 'closed_by_server'], 'no event for the late one')
})

t.test('a peer that never closes its side does not hold the stop', async (t) => {
  const server = await new TcpServer({ closeTimeoutMs: 20 }).start()
  const client = await server.connect(true)
  client.send(handshake())
  await client.take(DUPLEX_ANSWER.length)
  await server.receiver.close()
  t.same(await server.states(2), ['connected', 'closed_by_server'])
  client.destroy()
})

t.test('no handshake, no events; socketId absent or negative is undefined', async (t) => {
  const server = await new TcpServer().start()
  const stranger = await server.connect()
  stranger.send(handshake({ pid: undefined }), hex('00d300000001000a'))
  await stranger.take(DUPLEX_ANSWER.length + 2)
  t.equal(server.only().properties, null)
  stranger.socket.end()
  await stranger.takeAll()
  for (const socketId of [undefined, -1]) await agent(server, { socketId })
  await server.states(2)
  t.same(
    server.events.map(({ socketId }) => socketId),
    [undefined, undefined],
  )
  await server.receiver.close()
})

t.test('a simplex agent is state 11 and takes no commands', async (t) => {
  const server = await new TcpServer().start()
  const client = await agent(server, { supportServer: false })
  t.equal(server.only().state, SocketState.runSimplex)
  t.match(server.receiver.counts(), { open: 1, agents: 1, duplex: 0 })
  await t.rejects(server.only().request(hex('00')), { code: 'AGENT_NOT_DUPLEX' })
  client.send(handshake({ supportServer: false }))
  t.match((await client.take(DUPLEX_ANSWER.length)).toString('hex'), /4900000001.*49000000017a$/)
  await server.receiver.close()
})

t.test('the table of states', async (t) => {
  t.ok(mayEnter(SocketState.connected, SocketState.runWithoutHandshake))
  t.ok(mayEnter(SocketState.runDuplex, SocketState.beingCloseByClient))
  t.ok(mayEnter(SocketState.closedByClient, SocketState.errorUnknown))
  t.notOk(mayEnter(SocketState.runSimplex, SocketState.runDuplex))
  t.notOk(mayEnter(SocketState.runDuplex, SocketState.errorSyncStateSession))
  t.notOk(mayEnter(SocketState.errorUnknown, SocketState.errorUnknown))
  t.equal(stateAfterEnd(SocketState.runDuplex, true), SocketState.unexpectedCloseByServer)
  t.equal(stateAfterEnd(SocketState.closedByClient, false), SocketState.errorUnknown)
  t.notOk(isRunning(SocketState.beingCloseByServer))
})
