import t, { type Test } from 'tap'
import { pipeline, type TestPipeline } from '../../builders/pipeline.js'
import { SMALL_AGENT_STAT, SQL } from '../../builders/pipeline-messages.js'
import { type Gate, gate, settled } from '../../builders/pipeline-store.js'

const SECONDS = 10_000

/** One message of one row, whose timestamp tells which it was. */
function give(p: TestPipeline, timestamp: number): void {
  p.give('TAgentStat', { ...SMALL_AGENT_STAT, timestamp })
}

/** The timestamps of the rows that the store acknowledged. */
function stored(p: TestPipeline): number[] {
  return p.store.rows.map((r) => Number(2n ** 63n - 1n - r.key.readBigInt64BE(25)))
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

/** Flush intervals pass only when a test says so. */
function ticking(t: Test): () => void {
  const ticks: (() => void)[] = []
  t.intercept(globalThis, 'setInterval', {
    value: (tick: () => void) => {
      ticks.push(tick)
      return 0
    },
  })
  return () => {
    for (const tick of ticks) tick()
  }
}

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

t.test('while the store is stuck the open batch goes on filling, however often its time comes', async (t) => {
  const tick = ticking(t)
  const p = pipeline()
  const all = gates(p)
  p.batcher.start()
  for (let i = 0; i < 1000; i++) {
    give(p, i)
    tick()
    if (i > 0 && (p.batcher.batchesInFlight !== 2 || p.batcher.batchesQueued !== 0)) break
  }
  t.strictSame([all.length, p.batcher.batchesInFlight, p.batcher.batchesQueued], [2, 2, 0])
  t.equal(p.batcher.open.messageCount, 998)
  await settled()
  all[0].open()
  await settled()
  t.strictSame(
    p.store.puts.map((messages) => messages.length),
    [1, 1, 998],
  )
  for (const g of all) g.open()
  await p.batcher.close(SECONDS)
  t.strictSame(stored(p).length, 1000)
  t.equal(p.batcher.bytes, 0)
})

t.test('rows that came while both slots were busy are sent when one is free, without another tick', async (t) => {
  const tick = ticking(t)
  const p = pipeline()
  const all = gates(p)
  p.batcher.start()
  for (const i of [0, 1, 2]) {
    give(p, i)
    tick()
  }
  give(p, 3)
  t.equal(all.length, 2)
  all[1].open()
  await settled()
  t.strictSame([all.length, p.batcher.open.messageCount], [3, 0], 'with those that came after the tick')
  give(p, 4)
  all[0].open()
  await settled()
  t.equal(all.length, 3, 'what came after that waits for its own tick')
  tick()
  t.equal(all.length, 4)
  for (const g of all) g.open()
  await settled()
  t.strictSame(stored(p), [1, 0, 2, 3, 4])
})

t.test('a batch that is large enough waits in the queue, and goes before the open one', async (t) => {
  const tick = ticking(t)
  const p = pipeline({ maxBatchBytes: 250 })
  const all = gates(p)
  p.batcher.start()
  for (const i of [0, 1]) {
    give(p, i)
    tick()
  }
  let given = 2
  while (p.batcher.batchesQueued < 2) give(p, given++)
  give(p, given++)
  tick()
  t.equal(p.batcher.batchesQueued, 2)
  while (stored(p).length < given && all.length < 10) {
    for (const g of all) g.open()
    await settled()
  }
  t.strictSame(
    stored(p),
    Array.from({ length: given }, (_, i) => i),
  )
})
