import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lockDirectory } from '../../../../src/directory-lock.js'
import type { IncrementId } from '../../../../src/store/store.js'
import { drops, type TestPipeline } from '../../../builders/pipeline.js'
import { API, ROOT_SPAN } from '../../../builders/pipeline-messages.js'
import { gate, settled } from '../../../builders/pipeline-store.js'
import {
  away,
  balanced,
  filesOf,
  fullDisk,
  give,
  openFiles,
  spillDirectory,
  spillingPipeline,
  stored,
} from '../../../builders/spill.js'

const SECONDS = 10_000
const NEVER = 3_600_000
const SLOW_RETRY = { retryInitialMs: 1, retryMaxMs: 1 }

/** Messages first to last, each in a batch of its own. */
function giveEach(p: TestPipeline, first: number, last: number): void {
  for (let n = first; n <= last; n++) {
    give(p, n)
    p.batcher.seal()
  }
}

const numbers = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i)

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1))
}

async function end(p: TestPipeline): Promise<void> {
  await Promise.all([p.batcher.close(SECONDS), p.flusher.close(SECONDS)])
  await p.spill!.close()
}

function delta(p: TestPipeline): number {
  return p.store.increments.flatMap((row) => row.columns).reduce((sum, column) => sum + column.delta, 0)
}

t.test('an outage: to the disk in order, back in order, and the account balances all the time', async (t) => {
  const dir = spillDirectory()
  const p = await spillingPipeline(dir, { ...SLOW_RETRY })
  let back = false
  p.store.onPut = () => (back ? [] : away())
  for (let n = 0; n < 40; n++) {
    giveEach(p, n, n)
    t.ok(balanced(p))
    await settled()
  }
  t.equal(p.accounting.inFlight, 40)
  t.equal(p.batcher.bytes, 0, 'nothing is left in memory')
  t.equal(p.spill!.report().messages, 40)
  t.ok(p.batcher.failure)
  back = true
  giveEach(p, 40, 49)
  await until(() => p.accounting.inFlight === 0)
  t.same(
    [...stored(p)].sort((a, b) => a - b),
    numbers(0, 49),
  )
  t.same(stored(p).slice(2), numbers(2, 49), 'the two that the store had may end in any order')
  t.strictSame([drops(p), filesOf(dir), p.spill!.bytes], [{}, [], 0])
  t.ok(p.store.puts.length < 60, 'small batches are put together')
  giveEach(p, 50, 50)
  await until(() => p.accounting.inFlight === 0)
  t.equal(filesOf(dir).length, 0, 'and the next goes by memory')
  t.ok(balanced(p))
  const told = p.warnings.filter((text) => /^(warn|info)/.test(text))
  t.match(told, [/^warn: the store is slow or away/, /^info: the store has everything/])
  await end(p)
})

t.test('a restart in the outage: the next process writes it, and counts it as recovered', async (t) => {
  const dir = spillDirectory()
  const p = await spillingPipeline(dir, { retryInitialMs: NEVER, retryMaxMs: NEVER })
  p.store.onPut = away
  const answers: (Error | null)[] = []
  p.give('TApiMetaData', API, (error) => answers.push(error))
  giveEach(p, 0, 9)
  await settled()
  giveEach(p, 10, 19)
  t.strictSame(answers, [null], 'what is on disk is as good as stored for the agent')
  give(p, 20)
  await end(p)
  t.strictSame([p.accounting.inFlight, drops(p), p.store.rows.length], [22, {}, 0])
  t.ok(balanced(p))
  t.match(p.warnings.at(-1)!, /waits in .* for the next start/)

  const next = await spillingPipeline(dir)
  t.equal(next.accounting.recovered, 22)
  t.ok(balanced(next))
  giveEach(next, 21, 25)
  next.batcher.start()
  await until(() => next.accounting.inFlight === 0)
  t.same(
    stored(next).filter((n) => n >= 0 && n < 100),
    numbers(0, 25),
  )
  t.strictSame([drops(next), filesOf(dir)], [{}, []])
  t.ok(balanced(next))
  await end(next)
})

t.test('more than the disk may take: the oldest are dropped and counted, memory stays small', async (t) => {
  const dir = spillDirectory()
  const p = await spillingPipeline(dir, { maxBytes: 20_000, segmentBytes: 2_000, ...SLOW_RETRY })
  let back = false
  p.store.onPut = () => (back ? [] : away())
  for (let n = 0; n < 300; n++) {
    giveEach(p, n, n)
    t.ok(p.spill!.bytes <= 20_000)
    if (n % 10 === 0) await settled()
  }
  const dropped = p.accounting.dropped.spillFull
  t.ok(dropped > 100)
  t.strictSame(drops(p), { spillFull: dropped })
  t.ok(balanced(p))
  back = true
  await until(() => {
    p.batcher.seal()
    return p.accounting.inFlight === 0
  })
  t.equal(stored(p).length, 300 - dropped)
  t.same(
    stored(p).filter((n) => n > 50),
    numbers(300 - stored(p).filter((n) => n > 50).length, 299),
    'without a gap',
  )
  t.ok(balanced(p))
  await end(p)
})

t.test('a store that is only slow: when half of the queue is used, it goes to the disk', async (t) => {
  const p = await spillingPipeline(spillDirectory(), { maxQueueBytes: 4000, afterMs: NEVER })
  const slow = gate()
  p.store.onPut = (_, call) => (call < 2 ? slow.passed : [])
  for (let n = 0; n < 60; n++) {
    giveEach(p, n, n)
    t.ok(p.batcher.bytes <= 2500)
  }
  t.strictSame(drops(p), {})
  slow.open()
  await until(() => p.accounting.inFlight === 0)
  t.same(stored(p), numbers(0, 59))
  await end(p)
})

t.test('counters go to the disk with their nonces, and are added once', async (t) => {
  const dir = spillDirectory()
  const p = await spillingPipeline(dir)
  const first = gate()
  p.store.onIncrement = () => first.passed
  p.give('TSpan', ROOT_SPAN)
  p.flusher.start()
  await until(() => p.store.incrementCalls === 1)
  p.give('TSpan', ROOT_SPAN)
  await until(() => p.spill!.counters.unread > 0 && p.counters.size === 0)
  p.give('TSpan', ROOT_SPAN)
  await until(() => p.counters.size === 0)
  t.ok(balanced(p))
  await p.flusher.close(SECONDS)
  await p.spill!.close()
  const [sent] = p.store.ids as IncrementId[]

  const next = await spillingPipeline(dir)
  t.equal(next.accounting.counts.recovered, 21)
  next.flusher.start()
  await until(() => next.spill!.counters.empty)
  const ids = next.store.ids as IncrementId[]
  t.match(ids[0], { group: sent.group, first: sent.first })
  t.ok(ids[0].sentAt > 0, 'the store is told that it may have had it')
  t.ok(ids.slice(1).every((id) => id.sentAt === 0))
  t.equal(new Set(ids.map((id) => id.first)).size, ids.length)
  t.equal(delta(next), 21)
  t.strictSame(next.accounting.counts, { taken: 0, recovered: 21, stored: 21, dropped: 0 })
  await end(next)
  first.open()
  await end(p)
})

t.test('counters through an outage are exact', async (t) => {
  const p = await spillingPipeline(spillDirectory(), { ...SLOW_RETRY })
  let back = false
  p.store.onIncrement = () => (back ? [] : away())
  p.flusher.start()
  for (let n = 0; n < 20; n++) {
    p.give('TSpan', ROOT_SPAN)
    await until(() => p.store.incrementCalls > n)
    t.ok(balanced(p))
  }
  back = true
  await until(() => p.accounting.counts.stored === 140)
  t.equal(delta(p), 140)
  t.ok(p.spill!.counters.empty)
  await end(p)
  t.strictSame(p.accounting.counts, { taken: 140, recovered: 0, stored: 140, dropped: 0 })
})

t.test('directories of workers that there are no more are taken over by worker 0', async (t) => {
  const dir = spillDirectory()
  for (const worker of [0, 1, 2]) {
    const p = await spillingPipeline(dir, { worker, workers: 3, retryInitialMs: NEVER, retryMaxMs: NEVER })
    p.store.onPut = away
    p.store.onIncrement = away
    giveEach(p, 10 * worker, 10 * worker + 4)
    p.give('TSpan', ROOT_SPAN)
    p.flusher.start()
    await end(p)
    t.equal(p.accounting.inFlight, 6)
  }
  mkdirSync(join(dir, 'worker-7'))
  const held = await lockDirectory(join(dir, 'worker-7'), 'spill.dir')
  const p = await spillingPipeline(dir)
  t.equal(p.accounting.recovered, 18)
  t.equal(p.accounting.counts.recovered, 21)
  p.batcher.start()
  p.flusher.start()
  await until(() => p.spill!.empty)
  t.equal(p.store.puts.flat().length, 18)
  t.equal(delta(p), 21)
  t.ok(balanced(p))
  t.strictSame(filesOf(dir), [])
  await t.rejects(spillingPipeline(dir), /used by another collector/)
  await end(p)
  held?.()
  t.ok(readdirSync(dir).includes('worker-7'))
})

t.test('close with a store that never answers leaves everything on disk, at once', async (t) => {
  const dir = spillDirectory()
  const p = await spillingPipeline(dir)
  const all = [gate(), gate()]
  p.store.onPut = (_, call) => all[call].passed
  giveEach(p, 0, 5)
  give(p, 6)
  const started = performance.now()
  await end(p)
  t.ok(performance.now() - started < 5000)
  t.strictSame([drops(p), p.accounting.inFlight], [{}, 7])
  all[0].open()
  await settled()
  t.equal(p.accounting.inFlight, 7, 'an answer after the end changes nothing')
  const next = await spillingPipeline(dir)
  next.batcher.start()
  await until(() => next.accounting.inFlight === 0)
  t.same(stored(next), numbers(0, 6))
  await end(next)
})

t.test('a disk that is full for a while: rows and counters wait in memory, and all are written once', async (t) => {
  const dir = spillDirectory()
  const p = await spillingPipeline(dir, { ...SLOW_RETRY })
  let back = false
  p.store.onPut = () => (back ? [] : away())
  p.store.onIncrement = () => (back ? [] : away())
  p.batcher.start()
  p.flusher.start()
  const open = openFiles(dir)
  const full = fullDisk(dir, ['writeSync', 'writevSync'])
  t.teardown(full)
  for (let n = 0; n < 20; n++) {
    giveEach(p, n, n)
    p.give('TSpan', ROOT_SPAN)
    await until(() => p.flusher.pending === 0)
    t.ok(balanced(p))
  }
  t.strictSame([openFiles(dir), filesOf(dir), p.accounting.inFlight], [open, [], 40])
  full()
  await until(() => p.batcher.bytes === 0 && p.counters.size === 0)
  t.ok(filesOf(dir).length > 0)
  const marksOnly = fullDisk(dir, ['writeSync'])
  t.teardown(marksOnly)
  back = true
  await until(() => p.accounting.inFlight === 0)
  t.ok(p.warnings.some((text) => /^counters: .*not sent/.test(text)))
  marksOnly()
  await until(() => p.spill!.empty)
  t.equal(p.store.rows.length, 20 + 2 * 20, 'a stat is one row, a span two')
  t.equal(delta(p), 140)
  t.strictSame([drops(p), filesOf(dir), openFiles(dir)], [{}, [], open])
  t.ok(balanced(p))
  await end(p)
})
