import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t, { type Test } from 'tap'
import { Accounting } from '../../../src/accounting.js'
import { CounterMap } from '../../../src/aggregate/counter-map.js'
import type { IncrementBatch } from '../../../src/aggregate/increment-batch.js'
import { appendCounters, readCounters } from '../../../src/aggregate/spilled-counters.js'
import { table } from '../../../src/row/tables.js'
import type { IncrementId } from '../../../src/store/store.js'
import type { TestPipeline } from '../../builders/pipeline.js'
import { ROOT_SPAN } from '../../builders/pipeline-messages.js'
import {
  away,
  balanced,
  filesOf,
  fullDisk,
  spillDirectory,
  spillingPipeline,
  spillQueue,
} from '../../builders/spill.js'

const CALLEE = table('ApplicationMapStatisticsCallee_Ver2')
const SECONDS = 10_000
const FLUSHES = 24
/** a few records of the root span */
const SEGMENT_BYTES = 3_000
const PERIOD_MS = 20_000

/** What HBase does with increments: a row whose nonce it knows is not added again. */
class NonceServer {
  readonly sums = new Map<string, number>()
  private readonly known = new Map<string, string>()

  constructor(
    private readonly t: Test,
    of?: NonceServer,
  ) {
    if (of === undefined) return
    this.sums = new Map(of.sums)
    this.known = new Map(of.known)
  }

  add(batch: IncrementBatch, { group, first }: IncrementId): void {
    for (const [i, row] of batch.entries()) {
      const nonce = `${group} ${first + i}`
      const text = JSON.stringify(row)
      const before = this.known.get(nonce)
      if (before !== undefined) {
        if (before !== text) this.t.equal(text, before, `nonce ${nonce} stands for one row`)
        continue
      }
      this.known.set(nonce, text)
      for (const { qualifier, delta } of row.columns) {
        const counter = `${row.table} ${row.key.toString('hex')} ${qualifier.toString('hex')}`
        this.sums.set(counter, (this.sums.get(counter) ?? 0) + delta)
      }
    }
  }
}

/** What a process that dies now leaves on disk. */
function leftBy(dir: string): string {
  const copy = spillDirectory()
  cpSync(dir, copy, { recursive: true, filter: (path) => basename(path) !== 'lock' })
  return copy
}

const counterFiles = (dir: string): string[] => filesOf(join(dir, 'worker-0', 'counters'))

/** Spills one record a flush, of which three are of the same rows. @returns the counters as they must become */
async function spill(t: Test, dir: string): Promise<NonceServer> {
  const p = await spillingPipeline(dir, { segmentBytes: SEGMENT_BYTES })
  const wanted = new NonceServer(t)
  let group = 0
  p.store.onIncrement = () => new Promise(() => {})
  p.flusher.start()
  for (let n = 0; n < FLUSHES; n++) {
    p.give('TSpan', ROOT_SPAN)
    await until(() => p.counters.size === 0)
    await until(() => p.spill!.counters.count === 7 * (n + 1))
    p.clock.now += PERIOD_MS
  }
  for (let n = 0; n < FLUSHES; n++) {
    p.clock.now -= PERIOD_MS
    p.give('TSpan', ROOT_SPAN)
    wanted.add(p.counters.take(), { group: group++, first: 0, sentAt: 0 })
  }
  await end(p)
  return wanted
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1))
}

async function end(p: TestPipeline): Promise<void> {
  await Promise.all([p.batcher.close(SECONDS), p.flusher.close(SECONDS)])
  await p.spill!.close()
}

/** Replays everything. @returns how often the store was asked */
async function replay(
  dir: string,
  server: NonceServer,
  onCall: (batch: IncrementBatch, id: IncrementId, call: number) => void = () => {},
): Promise<{ calls: number; p: TestPipeline }> {
  const p = await spillingPipeline(dir, { segmentBytes: SEGMENT_BYTES })
  p.store.onIncrement = (batch, call) => {
    const id = p.store.ids[call]!
    onCall(batch, id, call)
    server.add(batch, id)
    return []
  }
  p.flusher.start()
  await until(() => p.spill!.counters.empty)
  await end(p)
  return { calls: p.store.incrementCalls, p }
}

t.test('counters of many periods are added as few', async (t) => {
  const dir = spillDirectory()
  const wanted = await spill(t, dir)
  const segments = counterFiles(dir).length
  t.ok(segments >= 3 && segments < FLUSHES / 2)
  const server = new NonceServer(t)
  const { calls, p } = await replay(dir, server)
  // the first record was with the store when the process ended, and goes alone
  t.equal(calls, segments + 1)
  t.strictSame(sorted(server), sorted(wanted))
  t.strictSame(p.accounting.counts, { taken: 0, recovered: 7 * FLUSHES, stored: 7 * FLUSHES, dropped: 0 })
  t.ok(balanced(p))
  t.strictSame(counterFiles(dir), [])
})

t.test('a sum is bounded: what is more goes with the next', async (t) => {
  const { queue } = spillQueue(spillDirectory(), 1 << 26, 1 << 26)
  const rows = (from: number): IncrementBatch =>
    Array.from({ length: 2_000 }, (_, i) => ({
      table: CALLEE.id,
      key: Buffer.from(`${from + i}`.padStart(200)),
      columns: [{ qualifier: Buffer.from('q'), delta: 1 }],
      time: 0,
    }))
  for (let record = 0; record < 7; record++) appendCounters(queue, rows(record * 2_000))
  const sizes: number[] = []
  for (;;) {
    const found = await readCounters(queue, new CounterMap(Infinity, new Accounting(), Date.now))
    if (found === null) break
    sizes.push(found.batch.length)
    queue.ack(found.places)
  }
  t.strictSame(sizes, [6_000, 6_000, 2_000], 'about 1 MiB each')
  await queue.close()
})

t.test('a process that dies at any moment of a replay, and the next too: each count is added once', async (t) => {
  const dir = spillDirectory()
  const wanted = await spill(t, dir)
  let deaths = 0
  const explore = async (from: string, server: NonceServer, depth: number): Promise<void> => {
    const left: [string, NonceServer][] = []
    await replay(from, server, (batch, id, call) => {
      if (depth === 0 || (depth === 1 && call > 1)) return
      for (const part of [0, batch.length >> 1, batch.length]) {
        const then = new NonceServer(t, server)
        then.add(batch.slice(0, part), id)
        left.push([leftBy(from), then])
      }
    })
    t.strictSame(sorted(server), sorted(wanted))
    for (const [copy, then] of left) {
      deaths++
      await explore(copy, then, depth - 1)
    }
  }
  await explore(dir, new NonceServer(t), 2)
  t.ok(deaths > 50)
})

t.test(
  'a disk that takes a mark only now and then: each count is added once, also when the process dies',
  async (t) => {
    const dir = spillDirectory()
    const wanted = await spill(t, dir)
    const left: [string, NonceServer][] = []
    const server = new NonceServer(t)
    let marks = 0
    const free = fullDisk(dir, ['writeSync'], () => {
      left.push([leftBy(dir), new NonceServer(t, server)])
      return marks++ % 3 !== 2
    })
    t.teardown(free)
    const { p } = await replay(dir, server)
    free()
    t.strictSame(sorted(server), sorted(wanted))
    t.strictSame(p.accounting.counts, { taken: 0, recovered: 7 * FLUSHES, stored: 7 * FLUSHES, dropped: 0 })
    t.ok(p.warnings.some((text) => /^spill ack: .*cannot be written down/.test(text)))
    t.ok(p.warnings.some((text) => /trying again: not sent, for the spill cannot be written/.test(text)))
    t.ok(left.length > 20)
    for (const [copy, then] of left) {
      await replay(copy, then)
      t.strictSame(sorted(then), sorted(wanted))
    }
  },
)

t.test('a disk that takes no mark: nothing is sent from it until it does', async (t) => {
  const dir = spillDirectory()
  const wanted = await spill(t, dir)
  const server = new NonceServer(t)
  let marks = 0
  let calls = 0
  const free = fullDisk(dir, ['writeSync'], () => ++marks < 20)
  t.teardown(free)
  await replay(dir, server, (_, __, call) => {
    // the first has its ID on disk, from the process before
    if (call > 0) t.ok(marks >= 20)
    calls++
  })
  t.ok(calls > 1)
  t.strictSame(sorted(server), sorted(wanted))
})

t.test('a batch of unknown outcome that cannot be made again is given up and counted, the rest is added', async (t) => {
  const dir = spillDirectory()
  await spill(t, dir)
  let left = ''
  await replay(dir, new NonceServer(t), (_, __, call) => {
    if (call === 1) left = leftBy(dir)
  })
  const [file] = counterFiles(left)
  const bytes = readFileSync(file)
  bytes[bytes.length - 1] ^= 1 // of the last record's payload
  writeFileSync(file, bytes)
  const server = new NonceServer(t)
  const { p } = await replay(left, server)
  const { recovered, stored, dropped } = p.accounting.counts
  t.equal(recovered, stored + dropped)
  t.ok(dropped >= 14, 'more than the damaged record')
  t.equal(sum(server), stored)
  t.ok(p.warnings.some((text) => /nobody knows which of them the store has/.test(text)))
  t.strictSame(counterFiles(left), [])
})

t.test('an attempt of which nothing was added is taken back, and repeated as it was', async (t) => {
  const dir = spillDirectory()
  const wanted = await spill(t, dir)
  const p = await spillingPipeline(dir, { segmentBytes: SEGMENT_BYTES })
  const server = new NonceServer(t)
  p.store.onIncrement = (batch, call) => {
    if (call === 1 || call === 2) away()
    server.add(batch, p.store.ids[call]!)
    return []
  }
  p.flusher.start()
  await until(() => p.spill!.counters.empty)
  await end(p)
  t.strictSame(sorted(server), sorted(wanted))
  const [, second, third, fourth] = p.store.ids as IncrementId[]
  t.match([third, fourth], [{ ...second }, { ...second }])
  t.equal(second.sentAt, 0)
})

function sorted(server: NonceServer): [string, number][] {
  return [...server.sums].sort(([a], [b]) => (a < b ? -1 : 1))
}

function sum(server: NonceServer): number {
  return [...server.sums.values()].reduce((a, b) => a + b, 0)
}
