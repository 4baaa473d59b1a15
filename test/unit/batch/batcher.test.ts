import t from 'tap'
import { StoreError } from '../../../src/errors.js'
import { drops, pipeline, type TestPipeline } from '../../builders/pipeline.js'
import { API, SMALL_AGENT_STAT, SQL, STRING } from '../../builders/pipeline-messages.js'
import { type Gate, gate, settled } from '../../builders/pipeline-store.js'

const SECONDS = 10_000
const NEVER = 3_600_000

/** One message of one row, whose timestamp tells which it was. */
function give(p: TestPipeline, timestamp: number): void {
  p.give('TAgentStat', { ...SMALL_AGENT_STAT, timestamp })
}

/** The timestamps of the rows that the store acknowledged. */
function stored(p: TestPipeline): number[] {
  return p.store.rows.map((r) => Number(2n ** 63n - 1n - r.key.readBigInt64BE(25)))
}

function balanced({ accounting, batcher }: TestPipeline): boolean {
  const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0)
  return (
    sum(accounting.messages) ===
      sum(accounting.stored) + sum(Object.values(accounting.dropped)) + accounting.inFlight &&
    (accounting.inFlight === 0) === (batcher.bytes === 0)
  )
}

/** Gates that the calls of put() wait at, in their order. */
function gates(p: TestPipeline): Gate[] {
  const all: Gate[] = []
  p.store.onPut = () => {
    const next = gate()
    all.push(next)
    return next.passed
  }
  return all
}

t.test('a batch is sent when it is large enough', async (t) => {
  const p = pipeline({ maxBatchBytes: 250, flushIntervalMs: NEVER })
  for (let i = 0; i < 10; i++) give(p, i)
  await settled()
  t.ok(p.store.puts.length >= 2)
  t.ok(p.store.puts.every((messages) => messages.length > 1))
  await p.batcher.close(SECONDS)
  t.strictSame(stored(p), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  t.ok(balanced(p))
  t.equal(p.batcher.bytes, 0)
})

t.test('a small batch is sent when its time has come', async (t) => {
  const p = pipeline({ flushIntervalMs: 1 })
  const sent = new Promise<void>((resolve) => {
    p.store.onPut = () => {
      resolve()
      return []
    }
  })
  p.batcher.start()
  give(p, 1)
  await sent
  await p.batcher.close(SECONDS)
  t.strictSame(stored(p), [1])
  t.equal(p.store.puts.length, 1, 'an empty batch is not sent')
})

t.test('two batches are on their way, the others wait in order', async (t) => {
  const p = pipeline()
  const all = gates(p)
  for (let i = 0; i < 5; i++) {
    give(p, i)
    p.batcher.seal()
  }
  t.strictSame([all.length, p.batcher.batchesInFlight, p.batcher.batchesQueued], [2, 2, 3])
  all[1].open()
  await settled()
  t.strictSame([all.length, p.batcher.batchesInFlight, p.batcher.batchesQueued], [3, 2, 2])
  t.ok(balanced(p))
  all[0].open()
  await settled()
  for (const g of all) g.open()
  await settled()
  for (const g of all) g.open()
  await p.batcher.close(SECONDS)
  t.equal(all.length, 5)
  t.strictSame(stored(p), [1, 0, 2, 3, 4])
  t.ok(balanced(p))
})

t.test('a batch that is re-used has nothing of its past', async (t) => {
  const p = pipeline()
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i <= round; i++) give(p, 100 * round + i)
    p.batcher.seal()
    await settled()
  }
  t.equal(new Set(stored(p)).size, 55)
  t.equal(stored(p).length, 55)
  t.strictSame(
    p.store.puts.map((m) => m.length),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  )
})

t.test('who waits for a message learns what became of it', async (t) => {
  const answers: Record<string, Error | null> = {}
  const p = pipeline()
  p.store.onPut = (_, call) => {
    if (call === 1) throw new StoreError('corrupt', 'broken', false)
    return [{ row: 1, reason: 'key_too_long', message: 'no' }]
  }
  p.give('TApiMetaData', API, (error) => (answers.api = error))
  p.give('TSqlMetaData', SQL, (error) => (answers.sql = error))
  p.give('TStringMetaData', STRING)
  p.batcher.seal()
  p.give('TStringMetaData', STRING, (error) => (answers.string = error))
  t.strictSame(answers, {}, 'not before the store has answered')
  await p.batcher.close(SECONDS)
  t.match(answers, { api: null, sql: { message: 'no', reason: 'key_too_long' }, string: { message: 'broken' } })
  t.strictSame(drops(p), { storeRefused: 2 })
})

t.test('a message that somebody waits for is sent at once', async (t) => {
  const p = pipeline({ flushIntervalMs: NEVER })
  const done = new Promise((resolve) => p.give('TApiMetaData', API, resolve))
  t.equal(await done, null)
  const [first] = gates(p)
  t.equal(first, undefined)
  const all = gates(p)
  const answers: unknown[] = []
  for (let i = 0; i < 3; i++) {
    p.give('TApiMetaData', API, (error) => answers.push(error))
    await settled()
  }
  t.equal(all.length, 1, 'those that come meanwhile share the next batch')
  all[0].open()
  await settled()
  all[1].open()
  await settled()
  t.strictSame([answers, p.store.puts.length], [[null, null, null], 3])
})
