import t from 'tap'
import { StoreError } from '../../../src/errors.js'
import { ROW_INTS, ROW_MESSAGE } from '../../../src/row/row-batch.js'
import { drops, pipeline, type TestPipeline } from '../../builders/pipeline.js'
import { SMALL_AGENT_STAT } from '../../builders/pipeline-messages.js'
import { settled } from '../../builders/pipeline-store.js'

const SECONDS = 10_000

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
