import t from 'tap'
import {
  encodeStreamCode,
  encodeStreamCreateSuccess,
  encodeStreamPing,
  PacketType,
} from '../../../src/receiver/frame.js'
import { answerStray, StreamChannels } from '../../../src/receiver/stream-channels.js'
import { toStreamCode } from '../../../src/receiver/stream-code.js'
import { DUPLEX_ANSWER, handshake, hex, request } from '../../builders/tcp-packets.js'
import { TcpServer } from '../../builders/tcp-server.js'
import { vector } from '../../builders/tcp-vectors.js'

const COUNT = hex('ef1002da00')
const NOTHING = Buffer.alloc(0)

interface Streams {
  channels: StreamChannels
  written: string[]
  told: string[]
  open(): number
}

function streams(streamCreateTimeoutMs = 1_000_000): Streams {
  const written: string[] = []
  const told: string[] = []
  const failed = (): void => void told.push('handler failed')
  const channels = new StreamChannels({ streamCreateTimeoutMs, failed }, (frame) => written.push(frame.toString('hex')))
  const open = (): number =>
    channels.open(COUNT, {
      opened: () => told.push('opened'),
      response: (payload) => told.push(payload.toString('hex')),
      failed: (code) => told.push(`failed ${code}`),
      closed: (code) => told.push(`closed ${code}`),
    }).id
  return { channels, written, told, open }
}

t.test('create, success, response, close from the agent', async (t) => {
  const { channels, written, told, open } = streams()
  t.equal(open(), 2)
  t.equal(open(), 4, 'ids of the server are even')
  t.equal(written[0], vector('tcp.stream_create.active_thread_count').toString('hex'))
  channels.receive(PacketType.streamResponse, 2, 0, hex('01'))
  t.same(told, [], 'a response before the success is dropped')
  channels.receive(PacketType.streamCreateSuccess, 2, 0, NOTHING)
  channels.receive(PacketType.streamResponse, 2, 0, hex('02'))
  channels.receive(PacketType.streamClose, 2, 122, NOTHING)
  t.notOk(channels.receive(PacketType.streamResponse, 2, 0, hex('03')))
  channels.receive(PacketType.streamCreateFail, 4, 132, NOTHING)
  t.same(told, ['opened', '02', 'closed 122', 'failed 132'])
  t.equal(channels.size, 0)
  t.equal(written.length, 2)
})

t.test('pings: PONG on an open stream, CLOSE 121 before', async (t) => {
  const { channels, written, told, open } = streams()
  open()
  channels.receive(PacketType.streamCreateSuccess, 2, 0, NOTHING)
  channels.receive(PacketType.streamPing, 2, 9, NOTHING)
  channels.receive(PacketType.streamPong, 2, 9, NOTHING)
  t.equal(written[1], vector('tcp.stream_pong').toString('hex'))
  open()
  channels.receive(PacketType.streamPing, 4, 9, NOTHING)
  t.equal(written[3], encodeStreamCode(PacketType.streamClose, 4, 121).toString('hex'))
  channels.receive(PacketType.streamCreateSuccess, 2, 0, NOTHING)
  t.equal(written[4], encodeStreamCode(PacketType.streamClose, 2, 121).toString('hex'), 'a second success')
  t.same(told, ['opened', 'failed 121', 'closed 121'])
})

t.test('no answer to CREATE is a failure with code 152', async (t) => {
  const { channels } = streams(1)
  const code = await new Promise((resolve) => {
    channels.open(COUNT, { response: () => {}, failed: resolve, closed: () => {} })
  })
  t.equal(code, 152)
  t.equal(channels.size, 0)
})

t.test('an exception in a handler is told to the owner', async (t) => {
  const told: unknown[] = []
  const channels = new StreamChannels(
    { streamCreateTimeoutMs: 1_000_000, failed: (error) => told.push(error) },
    () => {},
  )
  const explode = (): never => {
    throw new Error('boom')
  }
  channels.open(COUNT, { opened: explode, response: explode, failed: explode, closed: explode })
  channels.receive(PacketType.streamCreateSuccess, 2, 0, NOTHING)
  channels.receive(PacketType.streamResponse, 2, 0, NOTHING)
  channels.end()
  t.equal(told.length, 3)
})

t.test('packets that no stream is meant by', async (t) => {
  const fail = (code: number): Buffer => encodeStreamCode(PacketType.streamCreateFail, 2, code)
  t.same(answerStray(PacketType.streamCreate, 2, false), fail(153))
  t.same(answerStray(PacketType.streamCreate, 2, true), fail(112))
  t.equal(answerStray(PacketType.streamClose, 2, false), undefined)
  for (const type of [PacketType.streamResponse, PacketType.streamPong, PacketType.streamCreateSuccess]) {
    t.same(answerStray(type, 2, false), encodeStreamCode(PacketType.streamClose, 2, 113))
  }
})

t.test('unknown codes become their group, or 100', async (t) => {
  for (const [code, known] of [
    [0, 0],
    [122, 122],
    [129, 120],
    [168, 160],
    [5, 100],
    [-1, 100],
    [999, 100],
  ]) {
    t.equal(toStreamCode(code), known)
  }
})

t.test('a stream over a connection: our close ends it, later packets get 113', async (t) => {
  const server = await new TcpServer().start()
  const client = await server.connect()
  client.send(handshake(), request(1))
  await client.take(DUPLEX_ANSWER.length + 16)
  const told: string[] = []
  const opened = new Promise<void>((resolve) => {
    const stream = server.only().openStream(COUNT, {
      opened: resolve,
      response: (payload) => {
        told.push(payload.toString('hex'))
        stream.close()
      },
      failed: () => told.push('failed'),
      closed: () => told.push('closed'),
    })
  })
  await client.take(15)
  client.send(encodeStreamCreateSuccess(2))
  await opened
  client.send(vector('tcp.stream_response.active_thread_count'))
  t.same(await client.take(8), vector('tcp.stream_close.state_closed'))
  client.send(encodeStreamPing(PacketType.streamPing, 2, 1))
  t.same(await client.take(8), encodeStreamCode(PacketType.streamClose, 2, 113))
  t.same(told, ['ef1002db150419450602000016d0afc0ecfd5400'])
  await server.receiver.close()
})
