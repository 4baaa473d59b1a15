import t from 'tap'
import { createLogger } from '../../../src/log.js'
import { type Reader, Receiving } from '../../../src/worker/receiving.js'
import { CALM_SAMPLES, LOAD_INTERVAL_MS, WARM_DATAGRAMS, WARM_RATE } from '../../../src/worker/receiving-plan.js'

class FakeReader implements Reader {
  isReady = true
  isReceiving = false
  datagrams = 0
  now = 0

  load(): number {
    return this.now
  }

  receive(on: boolean): void {
    this.isReceiving = on
  }
}

interface Crew {
  workers: FakeReader[]
  receiving: Receiving
  reading(): number[]
  look(times: number): void
}

function crew(count: number): Crew {
  const workers = Array.from({ length: count }, () => new FakeReader())
  const receiving = new Receiving(workers, createLogger('silent'))
  receiving.workersChanged()
  return {
    workers,
    receiving,
    reading: () => workers.flatMap((w, i) => (w.isReceiving ? [i] : [])),
    look: (times) => {
      for (let i = 0; i < times; i++) receiving.look()
    },
  }
}

t.test('the first that is ready reads, whichever it is', async (t) => {
  const workers = [new FakeReader(), new FakeReader()]
  for (const worker of workers) worker.isReady = false
  const receiving = new Receiving(workers, createLogger('silent'))
  receiving.workersChanged()
  t.notOk(workers.some((w) => w.isReceiving))
  workers[1].isReady = true
  receiving.workersChanged()
  workers[0].isReady = true
  receiving.workersChanged()
  t.strictSame(
    workers.map((w) => w.isReceiving),
    [false, true],
  )
})

t.test('a busy one gets help, and is alone again after a calm time', async (t) => {
  const { workers, reading, look } = crew(2)
  t.strictSame(reading(), [0])
  workers[0].now = 0.9
  look(2)
  t.strictSame(reading(), [0, 1])
  for (const worker of workers) worker.now = 0.1
  look(CALM_SAMPLES - 1)
  t.strictSame(reading(), [0, 1])
  look(1)
  t.strictSame(reading(), [0])
})

t.test('when the one that reads dies, another does at once', async (t) => {
  const { workers, receiving, reading } = crew(3)
  Object.assign(workers[0], { isReady: false, isReceiving: false })
  receiving.workersChanged()
  t.strictSame(reading(), [1])
  workers[0].isReady = true
  receiving.workersChanged()
  t.strictSame(reading(), [1], 'its successor is on standby')
})

t.test('a worker that is not ready is not asked', async (t) => {
  const { workers, reading, look } = crew(2)
  workers[0].now = 1
  workers[1].isReady = false
  look(4)
  t.strictSame(reading(), [0])
})

/** What comes between two looks, at the least rate at which others are warmed up. */
const BETWEEN_LOOKS = (WARM_RATE * LOAD_INTERVAL_MS) / 1000

t.test('a full one gets help at once, and again as many when that is not enough', async (t) => {
  const { workers, receiving, reading } = crew(5)
  workers[0].now = 1
  receiving.full(workers[0])
  t.strictSame(reading(), [0, 1])
  receiving.full(workers[0])
  t.strictSame(reading(), [0, 1, 2, 3])
  receiving.full(workers[1])
  t.strictSame(reading(), [0, 1, 2, 3, 4])
  receiving.full(workers[2])
  t.strictSame(reading(), [0, 1, 2, 3, 4])
})

t.test('workers on standby warm up one after the other beside one that is warm', async (t) => {
  const { workers, receiving, reading, look } = crew(3)
  workers[0].datagrams = WARM_DATAGRAMS - BETWEEN_LOOKS
  look(2)
  t.strictSame(reading(), [0], 'it is not warm itself')
  workers[0].datagrams += BETWEEN_LOOKS
  look(1)
  t.strictSame(reading(), [0, 1])
  for (let i = 0; i < 5; i++) {
    workers[1].datagrams += BETWEEN_LOOKS
    look(1)
  }
  t.strictSame(reading(), [0, 1], 'until it is warm')
  receiving.full(workers[1])
  t.strictSame(reading(), [0, 1], 'it is slow, not full')
  workers[1].datagrams = WARM_DATAGRAMS
  look(1)
  t.strictSame(reading(), [0])
  workers[0].datagrams += BETWEEN_LOOKS
  look(1)
  t.strictSame(reading(), [0, 2])
  workers[2].datagrams = WARM_DATAGRAMS
  look(1)
  workers[0].datagrams += BETWEEN_LOOKS
  look(2)
  t.strictSame(reading(), [0], 'all are')
})

t.test('one that warms up helps before others that are on standby', async (t) => {
  const { workers, receiving, reading, look } = crew(3)
  workers[0].datagrams = WARM_DATAGRAMS
  workers[1].datagrams = WARM_DATAGRAMS
  look(1)
  t.strictSame(reading(), [0, 2])
  receiving.full(workers[0])
  t.strictSame(reading(), [0, 2])
})

t.test('nobody goes on warming up when little comes any more', async (t) => {
  const { workers, reading, look } = crew(2)
  workers[0].datagrams = WARM_DATAGRAMS
  look(1)
  t.strictSame(reading(), [0, 1])
  workers[1].datagrams += BETWEEN_LOOKS - 1
  look(1)
  t.strictSame(reading(), [0])
})

t.test('where little comes nobody is warmed up', async (t) => {
  const { workers, reading, look } = crew(2)
  for (let i = 0; i < 10; i++) {
    workers[0].datagrams += BETWEEN_LOOKS - 1
    look(1)
  }
  t.strictSame(reading(), [0])
})

t.test('one that warms up goes on when it is needed, and when the others die', async (t) => {
  for (const happens of ['load', 'full', 'death'] as const) {
    const { workers, receiving, reading, look } = crew(2)
    workers[0].datagrams = WARM_DATAGRAMS
    look(1)
    t.strictSame(reading(), [0, 1])
    workers[0].now = 1
    if (happens === 'load') look(2)
    else if (happens === 'full') receiving.full(workers[0])
    else {
      Object.assign(workers[0], { isReady: false, isReceiving: false })
      receiving.workersChanged()
    }
    workers[1].datagrams = WARM_DATAGRAMS
    look(2)
    t.strictSame(reading(), happens === 'death' ? [1] : [0, 1], happens)
  }
})
