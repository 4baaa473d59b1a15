import t from 'tap'
import { encodeIdPayload, PacketType } from '../../../src/receiver/frame.js'
import type { TcpOptions } from '../../../src/receiver/tcp-options.js'
import type { TcpClient } from '../../builders/tcp-client.js'
import { DUPLEX_ANSWER, handshake, hex, request, response } from '../../builders/tcp-packets.js'
import { TcpServer } from '../../builders/tcp-server.js'
import { vector } from '../../builders/tcp-vectors.js'

const ECHO = hex('ef1002c61802686900')

interface Pair {
  server: TcpServer
  client: TcpClient
}

async function connected(options: Partial<TcpOptions> = {}, settled = true): Promise<Pair> {
  const server = await new TcpServer(options).start()
  const client = await server.connect()
  client.send(handshake())
  await client.take(DUPLEX_ANSWER.length)
  if (settled) {
    client.send(request(1))
    await client.take(16)
  }
  return { server, client }
}

t.test('a request to the agent and its answer, as in the vectors', async (t) => {
  const { server, client } = await connected()
  const answer = server.only().request(ECHO)
  const sent = vector('tcp.request.cmd_echo.server_to_agent')
  t.same(await client.take(sent.length), sent)
  client.send(response(99, hex('00')), vector('tcp.response.cmd_echo.agent_to_server'))
  t.same(await answer, ECHO)
  const second = server.only().request(hex('02'))
  t.same(await client.take(11), request(2, hex('02')))
  client.send(response(2, hex('0b')))
  t.same(await second, hex('0b'))
  await server.receiver.close()
})

t.test('a request waits for the first REQUEST of the agent', async (t) => {
  const { server, client } = await connected({ commandDelayMs: 1_000_000 }, false)
  const answer = server.only().request(ECHO, 1_000_000)
  client.send(hex('00d2'))
  t.same(await client.take(2), hex('00c9'), 'nothing before it')
  client.send(request(1))
  t.same(await client.take(19), request(1, ECHO))
  await client.take(16)
  client.send(response(1, hex('0a')))
  t.same(await answer, hex('0a'))
  await server.receiver.close()
})

t.test('or for commandDelayMs', async (t) => {
  const { server, client } = await connected({ commandDelayMs: 5 }, false)
  const answer = server.only().request(ECHO)
  t.same(await client.take(19), request(1, ECHO))
  client.send(response(1, hex('0a')))
  t.same(await answer, hex('0a'))
  await server.receiver.close()
})

t.test('no answer in time is a retriable error, and a late answer is ignored', async (t) => {
  const { server, client } = await connected()
  await t.rejects(server.only().request(ECHO, 1), { code: 'AGENT_TIMEOUT', retriable: true })
  client.send(response(1), request(2))
  await client.take(19)
  t.same(await client.take(16), response(2))
  await server.receiver.close()
})

t.test('a lost connection fails requests and streams at once', async (t) => {
  for (const how of ['close', 'stop', 'clientClose'] as const) {
    const { server, client } = await connected()
    const connection = server.only()
    const ended: string[] = []
    connection.openStream(hex('00'), {
      response: () => {},
      failed: (code) => ended.push(`failed ${code}`),
      closed: (code) => ended.push(`closed ${code}`),
    })
    const rejected = t.rejects(connection.request(ECHO, 1_000_000), { code: 'AGENT_CONNECTION_LOST' }, how)
    if (how === 'close') client.destroy()
    if (how === 'clientClose') client.send(hex('0064ffffffff'))
    if (how === 'stop') await server.receiver.close()
    await rejected
    t.same(ended, ['failed 150'])
    if (how !== 'clientClose') await t.rejects(connection.request(ECHO), { code: /LOST|NOT_DUPLEX/ })
    client.destroy()
    await server.receiver.close()
  }
})

t.test('the number of open calls is bounded', async (t) => {
  const { server } = await connected({ maxCallsPerConnection: 1 })
  const first = server.only().request(ECHO, 1_000_000)
  await t.rejects(server.only().request(ECHO), { code: 'TOO_MANY_CALLS' })
  await Promise.all([t.rejects(first, { code: 'AGENT_CONNECTION_LOST' }), server.receiver.close()])
})

t.test('a connection without a handshake takes no commands', async (t) => {
  const server = await new TcpServer().start()
  const client = await server.connect()
  client.send(request(1))
  await client.take(16)
  await t.rejects(server.only().request(ECHO), { code: 'AGENT_NOT_DUPLEX' })
  const handlers = { response: () => {}, failed: () => {}, closed: () => {} }
  t.throws(() => server.only().openStream(ECHO, handlers), { code: 'AGENT_NOT_DUPLEX' })
  await server.receiver.close()
})

t.test('a frame of a request is encoded when it is made', async (t) => {
  const { server, client } = await connected({ commandDelayMs: 1_000_000 }, false)
  const payload = Buffer.from('abc')
  const rejected = t.rejects(server.only().request(payload, 1_000_000), { code: 'AGENT_CONNECTION_LOST' })
  payload.fill(0)
  client.send(request(1))
  t.same(await client.take(13), encodeIdPayload(PacketType.request, 1, Buffer.from('abc')))
  await server.receiver.close()
  await rejected
})
