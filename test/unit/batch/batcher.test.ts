import t from 'tap'
import { StoreError } from '../../../src/errors.js'
import { ROW_INTS, ROW_MESSAGE } from '../../../src/row/row-batch.js'
import { drops, pipeline, type TestPipeline } from '../../builders/pipeline.js'
import { API, SMALL_AGENT_STAT, SQL, STRING } from '../../builders/pipeline-messages.js'
import { type Gate, gate, settled } from '../../builders/pipeline-store.js'

const SECONDS = 10_000
const NEVER = 3_600_000

const away = (): never => {
  throw new StoreError('unavailable', 'away', true)
}

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

t.test('a batch is written again while the store is away', async (t) => {
  const p = pipeline()
  p.store.onPut = (_, call) => (call < 3 ? away() : [])
  give(p, 1)
  give(p, 2)
  p.batcher.seal()
  t.equal(p.batcher.failure, null)
  await settled()
  t.equal(p.batcher.failure, 'away')
  await p.batcher.close(SECONDS)
  t.strictSame([stored(p), p.store.puts.length, drops(p)], [[1, 2], 4, {}])
  t.equal(p.batcher.failure, null)
  const byReason = [...p.accounting.rowsRetried.values()].map((m) => [...m])
  t.strictSame(byReason, [[['unavailable', 6]]])
  t.ok(balanced(p))
})

t.test('a failure for good drops the batch and no other', async (t) => {
  for (const error of [new StoreError('corrupt', 'broken', false), new TypeError('a bug')]) {
    const p = pipeline()
    p.store.onPut = (_, call) => {
      if (call === 0) throw error
      return []
    }
    give(p, 1)
    give(p, 2)
    p.batcher.seal()
    give(p, 3)
    await p.batcher.close(SECONDS)
    t.strictSame([stored(p), p.store.puts.length, drops(p)], [[3], 2, { storeRefused: 2 }])
    t.ok(balanced(p))
  }
})

t.test('a refused row drops its message only', async (t) => {
  const p = pipeline()
  p.store.onPut = (batch) => {
    // two rows of one message, and one of another
    const rowsOf = (message: number): number[] =>
      Array.from({ length: batch.rowCount }, (_, i) => i).filter(
        (i) => batch.rows[i * ROW_INTS + ROW_MESSAGE] === message,
      )
    return [...rowsOf(1), ...rowsOf(3)].map((row) => ({ row, reason: 'key_too_long', message: 'no' }))
  }
  give(p, 0)
  p.give('TAgentStatBatch', { agentId: 'a', agentStats: [{ timestamp: 1 }, { timestamp: 2 }] })
  give(p, 3)
  give(p, 4)
  await p.batcher.close(SECONDS)
  t.strictSame([stored(p), drops(p)], [[0, 3], { storeRefused: 2 }])
  t.equal(
    p.accounting.rowsWritten.reduce((a, b) => a + b),
    2,
  )
  t.ok(balanced(p))
})

t.test('a message of which one row is refused is not stored, though its other rows are', async (t) => {
  const p = pipeline()
  p.store.onPut = () => [{ row: 0, reason: 'key_too_long', message: 'no' }]
  p.give('TAgentStatBatch', { agentId: 'a', agentStats: [{ timestamp: 1 }, { timestamp: 2 }] })
  await p.batcher.close(SECONDS)
  t.strictSame([stored(p), drops(p), p.accounting.rowsWritten.reduce((a, b) => a + b)], [[2], { storeRefused: 1 }, 1])
  t.ok(balanced(p))
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

t.test('a full queue refuses datagrams, and TCP messages later', async (t) => {
  const p = pipeline({ maxQueueBytes: 20_000, maxBatchBytes: 1000 })
  const all = gates(p)
  for (let i = 0; i < 1000; i++) give(p, i)
  const { queueFull } = p.accounting.dropped
  t.ok(queueFull > 500 && p.batcher.full && !p.batcher.fullForTcp)
  t.ok(p.batcher.bytes < 20_000 + 1000)
  const answers: (Error | null)[] = []
  const sql = 'x'.repeat(1_000_000)
  let given = 0
  for (; !p.batcher.fullForTcp; given++) p.give('TSqlMetaData', { ...SQL, sql }, (error) => answers.push(error))
  t.equal(given, 17, '16 MiB are kept for TCP')
  t.equal(answers.length, 0)
  p.give('TSqlMetaData', SQL, (error) => answers.push(error))
  t.match(answers, [{ message: /overloaded/ }])
  p.dispatcher.agentState({
    agentId: 'front-1',
    applicationName: '',
    remoteAddress: '127.0.0.1',
    startTimestamp: 1n,
    socketId: 1,
    event: 'ping',
    pingId: 1,
    timestamp: 1,
  })
  t.equal(p.accounting.dropped.queueFull, queueFull + 2, 'pings as well')
  const open = (): void => {
    for (const g of all) g.open()
  }
  const opening = setInterval(open, 1)
  await p.batcher.close(SECONDS)
  clearInterval(opening)
  t.equal(stored(p).length, 1000 - queueFull + 17)
  t.equal(answers.filter((a) => a === null).length, 17)
  t.equal(p.accounting.inFlight, 0)
  give(p, 5)
  t.notOk(p.batcher.full)
})

t.test('close with a store that stays away ends in time, counts and tells', async (t) => {
  const p = pipeline({ retryInitialMs: NEVER, retryMaxMs: NEVER })
  p.store.onPut = away
  const answers: (Error | null)[] = []
  for (let i = 0; i < 5; i++) {
    give(p, i)
    p.give('TApiMetaData', API, (error) => answers.push(error))
    p.batcher.seal()
  }
  const started = performance.now()
  await p.batcher.close(20)
  t.ok(performance.now() - started < 5000)
  t.strictSame(drops(p), { storeFailed: 10 })
  t.match(
    answers,
    Array.from({ length: 5 }, () => ({ message: 'away' })),
  )
  t.ok(balanced(p))
  await settled()
  t.equal(p.store.puts.length, 2, 'and it is not asked any more')
})

t.test('close with a store that never answers ends in time, and an answer after that changes nothing', async (t) => {
  const p = pipeline()
  const all = gates(p)
  const answers: (Error | null)[] = []
  for (let i = 0; i < 5; i++) {
    give(p, i)
    p.give('TApiMetaData', API, (error) => answers.push(error))
    p.batcher.seal()
  }
  await p.batcher.close(5)
  t.strictSame(drops(p), { storeFailed: 10 })
  t.equal(answers.length, 5)
  all[0].open()
  all[1].fail(new StoreError('unavailable', 'away', true))
  await settled()
  t.strictSame([drops(p), answers.length, all.length, p.accounting.inFlight], [{ storeFailed: 10 }, 5, 2, 0])
  t.ok(balanced(p))
})

t.test('close without anything to write ends at once', async (t) => {
  const p = pipeline()
  p.batcher.start()
  await p.batcher.close(NEVER)
  t.equal(p.store.puts.length, 0)
})
