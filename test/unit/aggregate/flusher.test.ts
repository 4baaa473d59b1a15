import t, { type Test } from 'tap'
import { StoreError } from '../../../src/errors.js'
import { table } from '../../../src/row/tables.js'
import { pipeline, type TestPipeline } from '../../builders/pipeline.js'
import { MYSQL_EVENT, ROOT_SPAN } from '../../builders/pipeline-messages.js'
import { type Gate, gate, settled } from '../../builders/pipeline-store.js'
import { golden, incrementLines } from '../../builders/rows.js'

const CALLEE = table('ApplicationMapStatisticsCallee_Ver2')
const SECONDS = 10_000

const away = (): never => {
  throw new StoreError('unavailable', 'away', true)
}
const broken = (): never => {
  throw new StoreError('corrupt', 'broken', false)
}

/** Counts the 7 increments of the root span. */
function count(p: TestPipeline): void {
  p.give('TSpan', ROOT_SPAN)
}

function balance({ accounting, flusher }: TestPipeline): boolean {
  const { taken, stored, dropped } = accounting.counts
  return taken === stored + dropped + flusher.pending
}

/** Resolves when the store is asked the nth time. */
function asked(p: TestPipeline, answers: (() => Gate['passed'] | [])[]): Promise<void> {
  return new Promise((resolve) => {
    p.store.onIncrement = (_, call) => {
      if (call === answers.length - 1) setImmediate(resolve)
      return answers[Math.min(call, answers.length - 1)]()
    }
  })
}

/** Flush periods pass only when a test says so. */
function periods(t: Test): () => Promise<void> {
  const ticks: (() => void)[] = []
  t.intercept(globalThis, 'setInterval', {
    value: (tick: () => void) => {
      ticks.push(tick)
      return 0
    },
  })
  return () => {
    for (const tick of ticks) tick()
    return settled()
  }
}

t.test('counters are written once a period, one row an increment', async (t) => {
  const p = pipeline()
  const written = asked(p, [() => []])
  count(p)
  p.flusher.start()
  await written
  await p.flusher.close(SECONDS)
  const expected = golden('TSpan root').filter((line) => line.startsWith('INC'))
  t.strictSame(incrementLines(p.store.increments).sort(), expected.sort())
  t.equal(p.store.incrementCalls, 1, 'nothing is written when nothing was counted')
  t.strictSame(p.accounting.counts, { taken: 7, recovered: 0, stored: 7, dropped: 0 })
  t.equal(p.accounting.rowsWritten[CALLEE.id], 2)
})

t.test('a flush that failed for now goes back, and is written once later', async (t) => {
  const p = pipeline()
  const written = asked(p, [away, away, () => []])
  count(p)
  p.flusher.start()
  await written
  await p.flusher.close(SECONDS)
  t.equal(p.store.incrementCalls, 3)
  t.strictSame(p.accounting.counts, { taken: 7, recovered: 0, stored: 7, dropped: 0 })
  t.equal(
    p.store.increments.reduce((sum, r) => sum + r.columns.length, 0),
    7,
  )
  t.equal(p.accounting.rowsRetried.get(CALLEE.id)?.get('unavailable'), 4)
  t.match(p.warnings[0], /trying again: away/)
})

t.test('what is counted while a flush fails is written with it', async (t) => {
  const p = pipeline()
  const first = gate()
  const begun = asked(p, [() => first.passed])
  count(p)
  p.flusher.start()
  await begun
  t.equal(p.flusher.pending, 7)
  t.ok(balance(p))
  count(p)
  p.store.onIncrement = () => []
  first.fail(new StoreError('unavailable', 'away', true))
  await settled()
  await p.flusher.close(SECONDS)
  t.strictSame(p.accounting.counts, { taken: 14, recovered: 0, stored: 14, dropped: 0 })
  t.ok(p.store.increments.every((r) => r.columns.every((c) => c.delta === 2)))
})

t.test('only one flush is on its way', async (t) => {
  const period = periods(t)
  const p = pipeline()
  const first = gate()
  p.store.onIncrement = () => first.passed
  p.flusher.start()
  count(p)
  await period()
  t.equal(p.store.incrementCalls, 1)
  count(p)
  for (let i = 0; i < 5; i++) await period()
  t.equal(p.store.incrementCalls, 1)
  p.store.onIncrement = () => []
  first.open()
  await settled()
  await period()
  t.equal(p.store.incrementCalls, 2, 'the next goes when the first is back')
  await p.flusher.close(SECONDS)
  t.strictSame(p.accounting.counts, { taken: 14, recovered: 0, stored: 14, dropped: 0 })
})

t.test('a flush that failed for good is dropped and counted', async (t) => {
  for (const fail of [
    broken,
    (): never => {
      throw new TypeError('a bug')
    },
  ]) {
    const p = pipeline()
    p.store.onIncrement = fail
    count(p)
    await p.flusher.close(SECONDS)
    t.equal(p.store.incrementCalls, 1)
    t.strictSame(p.accounting.counts, { taken: 7, recovered: 0, stored: 0, dropped: 7 })
    t.equal(p.accounting.rowsRetried.size, 0)
  }
})

t.test('refused rows are dropped, the others stored', async (t) => {
  const p = pipeline()
  p.store.onIncrement = (batch) => [
    { row: batch.findIndex((r) => r.table === CALLEE.id), reason: 'key_too_long', message: 'no' },
  ]
  count(p)
  await p.flusher.close(SECONDS)
  const { stored, dropped } = p.accounting.counts
  t.equal(stored + dropped, 7)
  t.ok(dropped === 1 || dropped === 2)
  t.equal(p.accounting.rowsWritten[CALLEE.id], 1)
  t.match(p.warnings[0], /refused a counter row: no/)
})

t.test('close writes what is left', async (t) => {
  const p = pipeline()
  p.store.onIncrement = (_, call) => (call < 3 ? away() : [])
  count(p)
  await p.flusher.close(SECONDS)
  t.strictSame(p.accounting.counts, { taken: 7, recovered: 0, stored: 7, dropped: 0 })
})

t.test('close with a store that stays away ends in time and counts', async (t) => {
  const p = pipeline({ retryInitialMs: 60_000, retryMaxMs: 60_000 })
  p.store.onIncrement = away
  count(p)
  const started = performance.now()
  await p.flusher.close(20)
  t.ok(performance.now() - started < 5000)
  t.strictSame(p.accounting.counts, { taken: 7, recovered: 0, stored: 0, dropped: 7 })
  t.equal(p.counters.size, 0)
})

t.test('close with a store that never answers ends in time and counts', async (t) => {
  const p = pipeline()
  const late = gate()
  p.store.onIncrement = () => late.passed
  count(p)
  await p.flusher.close(5)
  t.strictSame(p.accounting.counts, { taken: 7, recovered: 0, stored: 0, dropped: 7 })
  t.equal(p.flusher.pending, 0)
  late.open()
  await settled()
  t.strictSame(
    p.accounting.counts,
    { taken: 7, recovered: 0, stored: 0, dropped: 7 },
    'an answer after the end changes nothing',
  )
})

t.test('after a failure the store is asked less often', async (t) => {
  const period = periods(t)
  let now = 0
  t.intercept(performance, 'now', { value: () => now })
  const p = pipeline({ retryInitialMs: 1000, retryMaxMs: 3000 })
  p.store.onIncrement = away
  p.give('TSpan', { ...ROOT_SPAN, spanEventList: [MYSQL_EVENT] })
  p.flusher.start()
  await period()
  t.equal(p.store.incrementCalls, 1)
  for (const [i, wait] of [1000, 2000, 3000, 3000].entries()) {
    now += wait - 1
    for (let n = 0; n < 5; n++) await period()
    t.equal(p.store.incrementCalls, i + 1, `not within ${wait} ms`)
    now += 1
    await period()
    t.equal(p.store.incrementCalls, i + 2, `but after ${wait} ms`)
  }
  p.store.onIncrement = () => []
  await p.flusher.close(SECONDS)
  t.equal(p.store.incrementCalls, 6)
})
