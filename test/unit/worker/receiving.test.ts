import t from 'tap'
import { createLogger } from '../../../src/log.js'
import { type Reader, Receiving } from '../../../src/worker/receiving.js'
import { CALM_SAMPLES } from '../../../src/worker/receiving-plan.js'

class FakeReader implements Reader {
  isReady = true
  isReceiving = false
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
