// What does one idle agent cost in memory? CONNECTIONS agents (5000) connect over loopback from another process, do
// their handshake and stay; then each has sent one ping, as after five minutes of life.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { arch, cpus, platform } from 'node:os'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Accounting } from '../../src/accounting.js'
import { type ControlValue, encodeControlMap } from '../../src/receiver/control-map.js'
import { encodeIdPayload, encodePayloadPing, PacketType } from '../../src/receiver/frame.js'
import { TcpReceiver } from '../../src/receiver/tcp-receiver.js'

const CONNECTIONS = Number(process.env.CONNECTIONS ?? 5000)
const AT_ONCE = 100
const RUN_DUPLEX = 12

function handshake(index: number): Buffer {
  const map = new Map<string, ControlValue>([
    ['agentId', `agent-${index}`],
    ['applicationName', `application-${index % 50}`],
    ['hostName', `host-${index}.example.org`],
    ['ip', '10.0.0.1'],
    ['version', '1.8.5'],
    ['serviceType', 1010],
    ['pid', index],
    ['startTimestamp', 1460000000000n],
    ['supportServer', true],
    ['socketId', 1],
    ['supportCommandList', [720, 710, 730, 740, 750]],
  ])
  return encodeIdPayload(PacketType.handshake, 0, encodeControlMap(map))
}

async function runAgents(port: number): Promise<void> {
  const sockets = []
  for (let from = 0; from < CONNECTIONS; from += AT_ONCE) {
    const group = Array.from({ length: Math.min(AT_ONCE, CONNECTIONS - from) }, async (_, offset) => {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(handshake(from + offset))
      await once(socket, 'data')
      return socket
    })
    sockets.push(...(await Promise.all(group)))
  }
  process.send?.('connected')
  await once(process, 'message')
  for (const socket of sockets) {
    socket.write(encodePayloadPing(PacketType.pingPayload, 1, RUN_DUPLEX))
    await once(socket, 'data')
  }
  process.send?.('pinged')
}

async function measure(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  let events = 0
  const silent = { debug: () => {}, info: () => {}, warn: (_details: object, text: string) => console.error(text) }
  const handler = { send: () => {}, request: () => {}, agentState: () => void events++ }
  const receiver = new TcpReceiver(
    { handler, accounting: new Accounting(), log: silent },
    { host: '127.0.0.1', port: 0, maxConnections: CONNECTIONS },
  )
  const { port } = await receiver.start()
  const rss = (): number => {
    collectGarbage()
    return process.memoryUsage().rss
  }
  const heap = (): number => process.memoryUsage().heapUsed
  const rssBefore = rss()
  const heapBefore = heap()
  const print = (moment: string): void => {
    const rssKb = (rss() - rssBefore) / CONNECTIONS / 1024
    const heapKb = (heap() - heapBefore) / CONNECTIONS / 1024
    console.log(`${moment.padEnd(16)} ${rssKb.toFixed(1).padStart(8)} ${heapKb.toFixed(1).padStart(9)}`)
  }

  const agents: ChildProcess = fork(fileURLToPath(import.meta.url), [String(port)])
  await once(agents, 'message')
  const { agents: count } = receiver.counts()
  console.log(`${count} idle agents, node ${process.version}, ${platform()} ${arch()}, ${cpus().length} CPUs`)
  console.log('moment           rss KiB  heap KiB   (per connection)')
  print('handshake done')
  agents.send('ping')
  await once(agents, 'message')
  print('one ping each')
  const started = performance.now()
  receiver.sweep()
  console.log(`one sweep over all connections: ${(performance.now() - started).toFixed(2)} ms; ${events} state events`)
  agents.kill()
  await receiver.close()
}

const port = process.argv[2]
if (process.send && port) await runAgents(Number(port))
else await measure()
