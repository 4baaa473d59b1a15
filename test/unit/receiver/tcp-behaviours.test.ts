import t from 'tap'
import { hex, request, response } from '../../builders/tcp-packets.js'
import { TcpServer } from '../../builders/tcp-server.js'
import { TCP_VECTORS, type TcpBehaviour } from '../../builders/tcp-vectors.js'

const PROBE_ID = 0x7000_0000
const LONE_PING_ANSWER_BYTES = 2

async function run(behaviour: TcpBehaviour, writes: Buffer[]): Promise<string> {
  const server = await new TcpServer().start()
  const client = await server.connect(true)
  const answer = hex(behaviour.answer)
  let got = Buffer.alloc(0)
  try {
    if (behaviour.then === 'lonePing') {
      // the ping came in the same segment as the handshake, so the answer to that tells that it is there
      client.send(...writes)
      got = Buffer.from(await client.take(answer.length - LONE_PING_ANSWER_BYTES))
      server.advance(1000)
    } else {
      for (const bytes of writes) client.send(bytes)
    }
    if (behaviour.then === 'closes') return (await client.takeAll()).toString('hex')
    if (behaviour.then === 'ignores') {
      client.socket.end(request(PROBE_ID))
      return (await client.takeAll()).toString('hex')
    }
    got = Buffer.concat([got, await client.take(answer.length - got.length)])
    client.send(request(PROBE_ID))
    const probe = await client.take(response(PROBE_ID).length)
    return probe.equals(response(PROBE_ID)) ? got.toString('hex') : `${got.toString('hex')} ${probe.toString('hex')}`
  } finally {
    client.destroy()
    await server.receiver.close()
  }
}

t.test('all cases of the specification', async (t) => {
  t.equal(TCP_VECTORS.behaviours.length, 21)
  for (const behaviour of TCP_VECTORS.behaviours) {
    const writes = behaviour.send.map(hex)
    t.equal(await run(behaviour, writes), behaviour.answer, behaviour.case)
    t.equal(await run(behaviour, [Buffer.concat(writes)]), behaviour.answer, `${behaviour.case}, in one write`)
    if (behaviour.then === 'lonePing') continue
    const bytes = [...Buffer.concat(writes)].map((byte) => Buffer.of(byte))
    t.equal(await run(behaviour, bytes), behaviour.answer, `${behaviour.case}, byte for byte`)
  }
})
