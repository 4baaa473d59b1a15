import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import t, { type Test } from 'tap'
import { networkTest } from '../../../src/cli/network-test.js'
import { defaultSettings, type Settings } from '../../../src/config/settings.js'
import { createLogger } from '../../../src/log.js'
import { fakeIo, type Sink } from './fake-io.js'

const DUPLEX = Buffer.from('0097000000000000001b4d5304636f646549000000005307737562436f646549000000027a', 'hex')

async function tcpServer(t: Test, answer: Buffer | 'close', received: Buffer[] = []): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      received.push(chunk)
      if (answer === 'close') socket.destroy()
      else if (received.length === 1) socket.write(answer)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

async function udpServer(t: Test, answer: string | undefined, received: Buffer[] = []): Promise<number> {
  const socket: Socket = createSocket('udp4')
  socket.on('message', (message, from) => {
    received.push(message)
    if (answer !== undefined) socket.send(answer, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  return socket.address().port
}

async function run(
  ports: Partial<Settings>,
  timeoutMs: number,
  host = '127.0.0.1',
): Promise<{ code: number; out: string }> {
  const io = fakeIo()
  const code = await networkTest(host, timeoutMs)(io, defaultSettings(ports), createLogger('silent'))
  return { code, out: (io.stdout as Sink).text }
}

t.test('a collector that answers on three ports is OK', async (t) => {
  const tcp: Buffer[] = []
  const udp: Buffer[] = []
  const tcpPort = await tcpServer(t, DUPLEX, tcp)
  const statPort = await udpServer(t, 'OK', udp)
  const spanPort = await udpServer(t, 'OK', udp)
  t.same(await run({ tcpPort, statPort, spanPort }, 5000), {
    code: 0,
    out: `tcp  127.0.0.1:${tcpPort}/TCP OK\nstat 127.0.0.1:${statPort}/UDP OK\nspan 127.0.0.1:${spanPort}/UDP OK\n`,
  })
  t.equal(tcp[0].toString('hex'), '009600000000000000114d5308736f636b6574496449000000017a')
  t.same(
    udp.map((b) => b.toString('hex')),
    ['ef10000a', 'ef10000a'],
  )
})

t.test('what does not answer as a collector is FAILED, with what to do', async (t) => {
  const tcpPort = await tcpServer(t, Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))
  const statPort = await udpServer(t, 'NO')
  const spanPort = await udpServer(t, undefined)
  const { code, out } = await run({ tcpPort, statPort, spanPort }, 500)
  t.equal(code, 1)
  t.match(
    out,
    /^tcp .* FAILED: answered with packet type 18516: not a Pinpoint collector; check that the collector runs with this tcp.port/m,
  )
  t.match(out, /^stat .* FAILED: answered with something other than OK; .*firewalls on the way let UDP through$/m)
  t.match(out, /^span .* FAILED: no answer in 500 ms; check that the collector runs with this span.port/m)
})

t.test('closed ports and unknown hosts', async (t) => {
  const tcpPort = await tcpServer(t, 'close')
  const { code, out } = await run({ tcpPort, statPort: 1, spanPort: 1 }, 5000)
  t.equal(code, 1)
  t.match(out, /^tcp .* FAILED: the connection was closed before the handshake was answered/m)
  t.match(out, /^stat .* FAILED: .*ECONNREFUSED/m)
  await t.rejects(run({}, 50, 'no.such.host.invalid'), {
    message: /^cannot find the host "no.such.host.invalid".*check its name/,
  })
})
