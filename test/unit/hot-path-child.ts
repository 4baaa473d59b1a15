// What a datagram costs from its bytes to its rows, with recorded spans and chunks: JSON on stdout. Run by
// hot-path.test.ts with --expose-gc and a nursery that is not collected within a measurement.
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
const { dispatcher, batcher, accounting, clock } = pipeline()
// a time of today would be an object of its own each time that it is read
clock.now = 600_000_000

function decodeAndMap(): void {
  for (let i = 0; i < datagrams.length; i++) {
    dispatcher.datagram('span', datagrams[i], FROM)
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

console.log(
  JSON.stringify({
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
