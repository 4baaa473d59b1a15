// What a datagram costs from its bytes to its rows, with recorded spans and chunks: JSON on stdout. Run by
// hot-path.test.ts with --expose-gc and a nursery that is not collected within a measurement.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { DatagramBatch, SLOTS } from '../../src/receiver/datagram-batch.js'
import { handleOf } from '../../src/receiver/socket-handle.js'
import { readSession } from '../builders/load-session.js'
import { TraceStream } from '../builders/load-traces.js'
import { pipeline } from '../builders/pipeline.js'

const WARM_UP_ROUNDS = 60
const ROUNDS = 40
/** The time is measured until so many rounds in a row bring no shorter one: a busy machine compiles late. */
const STABLE_ROUNDS = 40
const MAX_ROUNDS = 600
/** So few rows stay below the size at which a batch is sent. */
const DATAGRAMS_A_BATCH = 100
const FROM = { address: '192.0.2.1' }

const stream = new TraceStream([readSession('1.5.2'), readSession('1.8.5')])
const datagrams = Array.from({ length: 1_000 }, () => stream.take())
const bytes = datagrams.reduce((sum, datagram) => sum + datagram.length, 0)
const received = new DatagramBatch()
const { dispatcher, batcher, accounting, clock } = pipeline()
// a time of today would be an object of its own each time that it is read
clock.now = 600_000_000

function decodeAndMap(): void {
  for (let i = 0; i < datagrams.length; i++) {
    const { length } = datagrams[i]
    received.put(datagrams[i])
    dispatcher.datagram('span', received.bytes, FROM, 0, length)
    if (i % DATAGRAMS_A_BATCH === 0) batcher.open.reset()
  }
}

const copy = Buffer.alloc(65_536)
let sum = 0

/** The yardstick: each byte is read, looked at, written, and added up. */
function plainLoop(): void {
  for (const datagram of datagrams) {
    let h = 0
    for (let i = 0; i < datagram.length; i++) {
      const byte = datagram[i]
      copy[i] = byte
      h = byte < 0x80 ? Math.imul(h ^ byte, 0x01000193) : h + 1
    }
    sum += h
  }
}

/** CPU time of this process, in µs: that others have the core does not count. */
function cpu(work: () => void): number {
  const began = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(began)
  return user + system
}

for (let i = 0; i < WARM_UP_ROUNDS; i++) {
  decodeAndMap()
  plainLoop()
}
// the least of many is what the machine takes when nothing disturbs it
let work = Infinity
let yardstick = Infinity
let timed = 0
for (let stable = 0; stable < STABLE_ROUNDS && timed < MAX_ROUNDS; timed++) {
  const [workNow, yardstickNow] = [cpu(decodeAndMap), cpu(plainLoop)]
  stable = workNow < work || yardstickNow < yardstick ? 0 : stable + 1
  work = Math.min(work, workNow)
  yardstick = Math.min(yardstick, yardstickNow)
}
let heapBytes = Infinity
let bufferBytes = Infinity
for (let i = 0; i < ROUNDS; i++) {
  globalThis.gc?.()
  const before = process.memoryUsage()
  decodeAndMap()
  const after = process.memoryUsage()
  heapBytes = Math.min(heapBytes, (after.heapUsed - before.heapUsed) / datagrams.length)
  bufferBytes = Math.min(bufferBytes, (after.arrayBuffers - before.arrayBuffers) / datagrams.length)
}

/** Bytes of objects that reading a datagram from its socket makes. */
async function receivingBytes(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const handle = handleOf(socket)
  if (handle === null) throw new Error('no handle')
  handle.recvStop()
  const sender = createSocket('udp4')
  sender.connect(socket.address().port, '127.0.0.1')
  await once(sender, 'connect')
  let least = Infinity
  for (let i = 0; i < ROUNDS; i++) {
    for (let n = 0; n < SLOTS; n++) sender.send(datagrams[n])
    globalThis.gc?.()
    const before = process.memoryUsage().heapUsed
    const count = received.read(handle.fd)
    if (count !== SLOTS) throw new Error(`${count} of ${SLOTS} datagrams were read: ${received.failure}`)
    for (let n = 0; n < count; n++) sum += received.at(n) + received.length(n) + (received.sender(n) === null ? 1 : 0)
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / count)
  }
  sender.close()
  socket.close()
  return least
}
const receiving = await receivingBytes()

console.log(
  JSON.stringify({
    receiving,
    heapBytes,
    bufferBytes,
    ratio: work / yardstick,
    timed,
    bytes: bytes / datagrams.length,
    dropped: Object.values(accounting.dropped).reduce((a, n) => a + n, 0),
    messages: accounting.messages.reduce((a, n) => a + n, 0),
    expected: datagrams.length * (WARM_UP_ROUNDS + timed + ROUNDS),
    sum: Number.isFinite(sum),
  }),
)
