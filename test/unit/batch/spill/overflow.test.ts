import t from 'tap'
import { drops } from '../../../builders/pipeline.js'
import { type Gate, gate } from '../../../builders/pipeline-store.js'
import { away, balanced, filesOf, give, spillDirectory, spillingPipeline, stored } from '../../../builders/spill.js'

const SECONDS = 10_000
const NEVER = 3_600_000
const MAX_BATCH_BYTES = 1_000
const MESSAGES = 400

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1))
}

/** What a former process left: messages 0 to MESSAGES, each a record of its own. */
async function leaveBehind(dir: string): Promise<void> {
  const p = await spillingPipeline(dir, { retryInitialMs: NEVER, retryMaxMs: NEVER })
  p.store.onPut = away
  for (let n = 0; n < MESSAGES; n++) {
    give(p, n)
    p.batcher.seal()
  }
  await Promise.all([p.batcher.close(1), p.flusher.close(1)])
  await p.spill!.close()
}

t.test('the backlog goes in large batches, four at a time; what comes meanwhile goes behind it', async (t) => {
  const dir = spillDirectory()
  await leaveBehind(dir)
  const p = await spillingPipeline(dir, { maxBatchBytes: MAX_BATCH_BYTES, afterMs: NEVER })
  const waiting: Gate[] = []
  const bytes: number[] = []
  p.store.onPut = (batch) => {
    bytes.push(batch.bytes)
    const next = gate()
    waiting.push(next)
    return next.passed
  }
  p.batcher.start()
  await until(() => waiting.length === 4)
  give(p, MESSAGES)
  p.batcher.seal()
  await new Promise((resolve) => setTimeout(resolve, 20))
  t.equal(waiting.length, 4, 'no more than that')
  t.equal(p.batcher.bytes, 0, 'what came is on disk')
  t.ok(
    bytes.every((n) => n >= 4 * MAX_BATCH_BYTES && n < 5 * MAX_BATCH_BYTES),
    `batches of ${bytes} bytes`,
  )
  waiting[2].open()
  await until(() => waiting.length === 5)
  t.ok(balanced(p))
  await until(() => {
    for (const { open } of waiting) open()
    return p.accounting.inFlight === 0
  })
  t.same(
    [...stored(p)].sort((a, b) => a - b),
    Array.from({ length: MESSAGES + 1 }, (_, n) => n),
  )
  t.strictSame([drops(p), filesOf(dir)], [{}, []])
  t.ok(balanced(p))

  const { length } = waiting
  for (let n = 0; n < 4; n++) {
    give(p, n)
    p.batcher.seal()
  }
  t.equal(waiting.length - length, 2, 'from memory two at a time')
  for (const { open } of waiting) open()
  await until(() => waiting.length === length + 4)
  for (const { open } of waiting) open()
  await p.batcher.close(SECONDS)
  await p.flusher.close(SECONDS)
  await p.spill!.close()
})
