import t from 'tap'
import { DecodeError } from '../../../src/errors.js'
import * as frame from '../../../src/receiver/frame.js'
import { FrameReader, INCOMPLETE, LATE_PING_BODY, PING_WITH_PAYLOAD } from '../../../src/receiver/frame-reader.js'
import { hex, request } from '../../builders/tcp-packets.js'
import { TCP_VECTORS, type TcpVector, vector } from '../../builders/tcp-vectors.js'

interface Packet {
  type: number
  id: number
  code: number
  payload: string
}

const MAX = 1024 * 1024

function reader(
  pingHasBody = true,
  max = MAX,
): { reader: FrameReader; budget: { usedBytes: number; maxBytes: number } } {
  const budget = { usedBytes: 0, maxBytes: MAX }
  const made = new FrameReader(max, budget)
  made.pingHasBody = pingHasBody
  return { reader: made, budget }
}

function feed(to: FrameReader, chunk: Buffer): Packet[] {
  const packets: Packet[] = []
  // the chunk's memory is used again, as a socket's would be
  const copy = Buffer.from(chunk)
  to.push(copy)
  for (let type = to.next(); type !== INCOMPLETE; type = to.next()) {
    packets.push({ type, id: to.id, code: to.code, payload: to.payload.toString('hex') })
  }
  to.settle()
  copy.fill(0xee)
  return packets
}

const isLonePing = ({ hex }: TcpVector): boolean => hex === '00c8'
const isPayloadPing = ({ decoded }: TcpVector): boolean => decoded.type === 200 && decoded.pingId !== undefined

function check(equal: Equal, { name, hex: bytes, decoded }: TcpVector, packet: Packet): void {
  equal(packet.type, isPayloadPing({ name, hex: bytes, decoded }) ? PING_WITH_PAYLOAD : decoded.type, `${name} type`)
  for (const key of ['requestId', 'streamId', 'pingId']) {
    if (decoded[key] !== undefined && !(key === 'requestId' && decoded.streamId !== undefined)) {
      equal(packet.id, decoded[key], `${name} ${key}`)
    }
  }
  if (decoded.streamId !== undefined && decoded.requestId !== undefined) equal(packet.code, decoded.requestId, name)
  if (decoded.code !== undefined) equal(packet.code, decoded.code, name)
  if (decoded.stateCode !== undefined) equal(packet.code, decoded.stateCode, name)
  if (decoded.map !== undefined || decoded.payload !== undefined) equal(packet.payload, bytes.slice(20), name)
}

type Equal = (found: unknown, wanted: unknown, message: string) => void

const WHOLE = TCP_VECTORS.vectors.filter((one) => !isLonePing(one))

t.test('every vector is one packet', async (t) => {
  for (const one of WHOLE) {
    const { reader: r, budget } = reader()
    const packets = feed(r, hex(one.hex))
    t.equal(packets.length, 1, one.name)
    check((found, wanted, message) => t.equal(found, wanted, message), one, packets[0])
    t.equal(budget.usedBytes, 0, 'no memory is kept')
  }
})

t.test('every vector cut at every byte is the same packet', async (t) => {
  for (const one of WHOLE) {
    const bytes = hex(one.hex)
    for (let cut = 1; cut < bytes.length; cut++) {
      const { reader: r, budget } = reader()
      const packets = [...feed(r, bytes.subarray(0, cut)), ...feed(r, bytes.subarray(cut))]
      if (packets.length !== 1 || budget.usedBytes !== 0) t.fail(`${one.name} cut at ${cut}`)
      check((a, b) => a === b || t.fail(`${one.name} cut at ${cut}: ${a}`), one, packets[0])
    }
  }
  t.pass('all cuts')
})

t.test('all vectors in one chunk, and byte for byte, are read in order', async (t) => {
  const all = Buffer.concat(WHOLE.map((one) => hex(one.hex)))
  const whole = feed(reader().reader, all)
  t.equal(whole.length, WHOLE.length)
  for (const [index, one] of WHOLE.entries())
    check((found, wanted, message) => t.equal(found, wanted, message), one, whole[index])
  const { reader: r, budget } = reader()
  const single: Packet[] = []
  for (const byte of all) single.push(...feed(r, Buffer.of(byte)))
  t.same(single, whole)
  t.equal(budget.usedBytes, 0)
})

t.test('encoders give the bytes of the vectors', async (t) => {
  t.same(frame.PONG, vector('tcp.pong'))
  t.same(frame.PING, vector('tcp.ping.legacy_simple'))
  t.same(frame.PING_SIMPLE, vector('tcp.ping.simple_210'))
  t.same(frame.SERVER_CLOSE, vector('tcp.server_close'))
  t.same(frame.CLIENT_CLOSE, vector('tcp.client_close'))
  t.same(frame.encodeSend(Buffer.alloc(0)), vector('tcp.send.empty'))
  t.same(frame.encodeStreamCreateSuccess(2), vector('tcp.stream_create_success'))
  t.same(
    frame.encodeStreamCode(frame.PacketType.streamCreateFail, 2, 132),
    vector('tcp.stream_create_fail.type_unsupport'),
  )
  t.same(frame.encodeStreamCode(frame.PacketType.streamClose, 2, 122), vector('tcp.stream_close.state_closed'))
  t.same(frame.encodeStreamPing(frame.PacketType.streamPing, 2, 9), vector('tcp.stream_ping'))
  t.same(frame.encodeStreamPing(frame.PacketType.streamPong, 2, 9), vector('tcp.stream_pong'))
  t.same(frame.encodePayloadPing(frame.PacketType.ping, 1, 12), vector('tcp.ping.legacy_payload.duplex'))
  t.same(frame.encodePayloadPing(frame.PacketType.pingPayload, 1, 12), vector('tcp.ping.payload_211.duplex'))
  t.same(frame.encodeIdPayload(frame.PacketType.response, 1, hex('ef1001401100')), vector('tcp.response.result_true'))
})

t.test('a length of zero or less is an empty payload', async (t) => {
  for (const length of ['00000000', 'ffffffff', '80000000']) {
    t.match(feed(reader().reader, hex(`000500000007${length}`)), [{ type: 5, id: 7, payload: '' }])
  }
})

t.test('a longer payload than the limit is refused by its length alone', async (t) => {
  t.equal(feed(reader(true, 8).reader, request(1, Buffer.alloc(8))).length, 1)
  for (const bytes of ['000500000001000000ff', '0005000000017fffffff', '0001000000ff']) {
    const { reader: r } = reader(true, 8)
    t.throws(() => feed(r, hex(bytes)), DecodeError)
    t.ok(r.holdsMessage)
  }
})

t.test('a giant length allowed by the limit gets memory only as its bytes come', async (t) => {
  const { reader: r, budget } = reader(true, 1 << 30)
  feed(r, hex('0005000000013fffffff'))
  t.ok(budget.usedBytes < 1024)
  feed(r, Buffer.alloc(5000))
  t.ok(budget.usedBytes < 16_384)
})

t.test('unfinished packets of all connections share one budget', async (t) => {
  const budget = { usedBytes: 0, maxBytes: 1000 }
  const start = request(1, Buffer.alloc(900)).subarray(0, 500)
  const first = new FrameReader(MAX, budget)
  feed(first, start)
  t.throws(() => feed(new FrameReader(MAX, budget), start), { code: 'FRAME_BUFFERS' })
  first.release()
  t.equal(budget.usedBytes, 0)
  t.doesNotThrow(() => feed(new FrameReader(MAX, budget), start))
})

t.test('a big buffer is given back when a small rest remains', async (t) => {
  const { reader: r, budget } = reader()
  const big = request(1, Buffer.alloc(100_000))
  feed(r, big.subarray(0, 60_000))
  const packets = feed(r, Buffer.concat([big.subarray(60_000), hex('0005')]))
  t.equal(packets[0].payload.length, 200_000)
  t.ok(budget.usedBytes <= 64, `${budget.usedBytes}`)
})

t.test('types that no packet has are refused', async (t) => {
  for (const type of ['0002', '0003', '0000', '00d4', 'ffff', '4745']) {
    t.throws(() => feed(reader().reader, hex(`${type}0000000100000000`)), { code: 'FRAME_TYPE' })
  }
})

t.test('type 200 without a socketId is told by what follows', async (t) => {
  t.match(feed(reader(false).reader, hex('00c800000001000c')), [{ type: PING_WITH_PAYLOAD, id: 1, code: 12 }])
  t.match(feed(reader(false).reader, hex('00c800c9')), [{ type: 200 }, { type: 201 }])
  const { reader: r } = reader(false)
  t.same(feed(r, hex('00c8')), [])
  t.ok(r.lonePing)
  t.same(feed(r, hex('00')), [])
  t.notOk(r.lonePing)
  t.match(feed(r, hex('c9')), [{ type: 200 }, { type: 201 }])
})

t.test('a lone ping is taken, and its late body is no packet of its own', async (t) => {
  const { reader: r } = reader(true)
  feed(r, hex('00c8'))
  r.takeLonePing()
  t.equal(r.unread, 0)
  t.same(feed(r, hex('00')), [])
  t.match(feed(r, hex('000001000c00c9')), [{ type: LATE_PING_BODY, id: 1, code: 12 }, { type: 201 }])
  feed(r, hex('00c8'))
  r.takeLonePing()
  t.match(feed(r, hex('00c9')), [{ type: 201 }])
})

t.test('random bytes end in packets or a DecodeError, never in anything else', async (t) => {
  let seed = 7
  const random = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648)
  for (let round = 0; round < 3000; round++) {
    const { reader: r, budget } = reader(round % 2 === 0)
    try {
      for (let part = 0; part < 4; part++) {
        const chunk = Buffer.from(
          Array.from({ length: random() % 40 }, () => (random() >> 8) & (random() % 3 ? 31 : 255)),
        )
        if (chunk.length > 1) chunk.writeInt16BE([1, 5, 6, 10, 15, 17, 150, 200, 211][random() % 9])
        feed(r, chunk)
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
    }
    r.release()
    if (budget.usedBytes !== 0) t.fail('memory kept')
  }
  t.pass('3000 rounds')
})
