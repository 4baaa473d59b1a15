import t from 'tap'
import { StoreError } from '../../../src/errors.js'
import { drops, pipeline, type TestPipeline } from '../../builders/pipeline.js'
import { API, SMALL_AGENT_STAT } from '../../builders/pipeline-messages.js'
import { type Gate, gate, settled } from '../../builders/pipeline-store.js'

const NEVER = 3_600_000

const away = (): never => {
  throw new StoreError('unavailable', 'away', true)
}

/** One message of one row, whose timestamp tells which it was. */
function give(p: TestPipeline, timestamp: number): void {
  p.give('TAgentStat', { ...SMALL_AGENT_STAT, timestamp })
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
