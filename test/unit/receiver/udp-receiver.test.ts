import { spawnSync } from 'node:child_process'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import t from 'tap'
import { Accounting } from '../../../src/accounting.js'
import { DatagramBatch } from '../../../src/receiver/datagram-batch.js'
import { NETWORK_CHECK } from '../../../src/receiver/network-check.js'
import { UdpReceiver } from '../../../src/receiver/udp-receiver.js'
import { client, OPTIONS, receiving } from '../../builders/udp-receiving.js'

const SPAWN_LIMIT_MS = 10_000

async function sent(socket: Socket, ...datagrams: (string | Buffer)[]): Promise<void> {
  for (const datagram of datagrams)
    await new Promise<void>((resolve, reject) => socket.send(datagram, (error) => (error ? reject(error) : resolve())))
}

function from(address: string, port: number): RemoteInfo {
  return { address, port, family: 'IPv4', size: 4 }
}

t.test('every datagram is counted, and passed on with its sender', async (t) => {
  const r = await receiving(t)
  const agent = await client(t, r.port)
  await sent(agent, 'one', 'two', Buffer.concat([NETWORK_CHECK, Buffer.of(0)]))
  await r.receiver.close()
  t.strictSame(r.taken.slice(0, 2), ['one', 'two'])
  t.equal(r.taken.length, 3, 'what only begins as a network check is none')
  t.match(r.remotes[0], { address: '127.0.0.1', port: agent.address().port })
  t.strictSame(r.accounting.packets, { tcp: 0, stat: 3, span: 0 })
  t.equal(r.accounting.networkChecks, 0)
})

t.test('the span port counts as span', async (t) => {
  const r = await receiving(t, { name: 'span' })
  await sent(await client(t, r.port), 'one')
  await r.receiver.close()
  t.strictSame(r.accounting.packets, { tcp: 0, stat: 0, span: 1 })
})

t.test('an empty datagram is counted and dropped', async (t) => {
  const r = await receiving(t)
  await sent(await client(t, r.port), '', 'x')
  await r.receiver.close()
  t.strictSame(r.taken, ['x'])
  t.strictSame([r.accounting.packets.stat, r.accounting.dropped.emptyDatagram], [2, 1])
})

t.test('what a load balancer sends is dropped, checks as well', async (t) => {
  const r = await receiving(t, { loadBalancerIps: new Set(['127.0.0.1']) })
  await sent(await client(t, r.port), 'x', '', NETWORK_CHECK)
  r.socket.emit('message', Buffer.from('agent'), from('127.0.0.2', 1))
  r.socket.emit('message', Buffer.from('mapped'), from('::ffff:127.0.0.1', 1))
  await r.receiver.close()
  t.strictSame(r.taken, ['agent'])
  t.match(r.accounting, { packets: { stat: 5 }, dropped: { loadBalancer: 4, emptyDatagram: 0 }, networkChecks: 0 })
})

t.test('a socket on :: knows a load balancer by its IPv4 address', async (t) => {
  const probe = createSocket('udp6')
  const usable = await new Promise<boolean>((resolve) => {
    probe.on('error', () => resolve(false))
    probe.bind(0, '::', () => resolve(true))
  })
  probe.close()
  if (!usable) return void t.pass('this machine has no IPv6', { skip: true })
  for (const [ip, dropped] of [
    ['127.0.0.1', 1],
    ['127.0.0.2', 0],
  ] as const) {
    const r = await receiving(t, { host: '::', loadBalancerIps: new Set([ip]) })
    await sent(await client(t, r.port), 'x')
    await r.receiver.close()
    t.strictSame([r.accounting.packets.stat, r.accounting.dropped.loadBalancer], [1, dropped])
    if (dropped === 0) t.equal(r.remotes[0].address, '::ffff:127.0.0.1')
  }
})

t.test('a network check is answered from the port that it came to', async (t) => {
  const r = await receiving(t)
  const agent = await client(t, r.port)
  const answered = once(agent, 'message')
  await sent(agent, NETWORK_CHECK)
  const [answer, remote] = await answered
  t.equal(answer.toString(), 'OK')
  t.match(remote, { address: '127.0.0.1', port: r.port })
  t.strictSame([r.accounting.packets.stat, r.accounting.networkChecks, r.taken.length], [1, 1, 0])
})

t.test('a check from port 0 is counted and not answered', async (t) => {
  const r = await receiving(t)
  const sends = t.capture(r.socket, 'send', r.socket.send)
  t.doesNotThrow(() => r.socket.emit('message', NETWORK_CHECK, from('127.0.0.1', 0)))
  t.strictSame([r.accounting.networkChecks, sends().length], [1, 0])
  sends.restore()
})

/** A UDP header with source port 0 (checksum 0: none), from a raw socket, which needs a privilege. */
const FROM_PORT_0 = `
import socket, struct, sys
port, payload = int(sys.argv[1]), bytes.fromhex(sys.argv[2])
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
raw.sendto(struct.pack('!HHHH', 0, port, 8 + len(payload), 0) + payload, ('127.0.0.1', 0))
`

t.test('a check that really comes from port 0 hurts nobody', async (t) => {
  const r = await receiving(t)
  const args = ['-c', FROM_PORT_0, String(r.port), NETWORK_CHECK.toString('hex')]
  if (spawnSync('python3', args, { timeout: SPAWN_LIMIT_MS }).status !== 0)
    return void t.pass('no raw sockets here', { skip: true })
  await sent(await client(t, r.port), 'after')
  await r.receiver.close()
  t.strictSame([r.accounting.packets.stat, r.accounting.networkChecks, r.taken], [2, 1, ['after']])
  t.strictSame(r.warnings, [])
})

t.test('an error of the socket is told and ends nothing', async (t) => {
  const r = await receiving(t)
  r.socket.emit('error', new Error('ENETUNREACH'))
  t.strictSame(r.warnings, ['udp stat: UDP socket stat: ENETUNREACH'])
  await sent(await client(t, r.port), 'after')
  await r.receiver.close()
  t.strictSame(r.taken, ['after'])
})

t.test('a receive buffer as large as asked is no matter for the log', async (t) => {
  const r = await receiving(t)
  t.ok(r.receiver.receiveBufferBytes >= OPTIONS.receiveBufferBytes)
  t.strictSame(r.warnings, [])
})

t.test('a smaller receive buffer is told, with what to do', async (t) => {
  // more than any kernel gives
  const wanted = 2 ** 31 - 1
  const r = await receiving(t, { name: 'span', receiveBufferBytes: wanted })
  const given = process.platform === 'linux' ? r.receiver.receiveBufferBytes / 2 : r.receiver.receiveBufferBytes
  t.ok(given > 0 && given < wanted)
  t.strictSame(r.warnings, [
    `udp buffer span: the UDP receive buffer of the span port has ${given} bytes instead of ${wanted}, so bursts may be lost: run sysctl -w net.core.rmem_max=${wanted} and start the collector again`,
  ])
})

t.test('a port in use makes start() reject with the name of its setting', async (t) => {
  const { port } = await receiving(t)
  for (const name of ['stat', 'span'] as const) {
    const second = new UdpReceiver(
      { ...OPTIONS, name, port },
      () => {},
      new Accounting(),
      () => {},
    )
    await t.rejects(second.start(new DatagramBatch()), {
      code: 'LISTEN',
      message: new RegExp(`UDP 127.0.0.1:${port}: .* ${name}\\.port`),
    })
  }
})

t.test('on standby a process leaves what comes to others that have the socket', async (t) => {
  const r = await receiving(t)
  t.equal(r.receiver.reading, true)
  const agent = await client(t, r.port)
  r.receiver.read(false)
  t.equal(r.receiver.reading, false)
  for (let i = 0; i < 5; i++) agent.send(String(i))
  await new Promise((resolve) => setTimeout(resolve, 50))
  t.strictSame(r.taken, [])
  r.receiver.read(true)
  await once(r.socket, 'message')
  await new Promise(setImmediate)
  t.strictSame(r.taken, ['0', '1', '2', '3', '4'], 'and takes what waits when it reads again')
})

t.test('where Node.js hides the handle of a socket, it goes on reading', async (t) => {
  const hidden = t.intercept(Object, 'getOwnPropertySymbols', { value: () => [] })
  const r = await receiving(t)
  hidden.restore()
  r.receiver.read(false)
  t.equal(r.receiver.reading, true)
})
