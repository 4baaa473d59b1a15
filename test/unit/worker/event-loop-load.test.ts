import { performance } from 'node:perf_hooks'
import { setTimeout as pause, setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { EventLoopLoad } from '../../../src/worker/event-loop-load.js'
import { LOAD_INTERVAL_MS } from '../../../src/worker/receiving-plan.js'

const LIMIT_MS = 20_000
const WORK_MS = 10

interface Told {
  load: number
  full: boolean
}

function telling(t: Test): { told: Told[]; load: EventLoopLoad } {
  const told: Told[] = []
  const load = new EventLoopLoad((load, full) => told.push({ load, full }))
  load.start()
  t.teardown(() => load.stop())
  return { told, load }
}

async function work(until: () => boolean): Promise<void> {
  const end = performance.now() + LIMIT_MS
  while (!until() && performance.now() < end) {
    for (const began = performance.now(); performance.now() - began < WORK_MS; );
    await setImmediate()
  }
}

/** What this process gets of a core, whatever else the machine does. */
function cpuShare(t: Test, share: number): void {
  const used = (): number => performance.now() * 1000 * share
  t.intercept(process, 'cpuUsage', {
    value: (since = { user: 0, system: 0 }) => ({ user: used() - since.user, system: 0 }),
  })
}

t.test('a process that has nothing to do tells a small load, and never that it is full', async (t) => {
  const { told, load } = telling(t)
  await pause(4 * LOAD_INTERVAL_MS)
  load.stop()
  t.ok(told.length >= 2, `told ${told.length} times`)
  t.ok(Math.min(...told.map((one) => one.load)) < 0.3, JSON.stringify(told))
  t.notOk(told.some((one) => one.full))
  const { length } = told
  await pause(2 * LOAD_INTERVAL_MS)
  t.equal(told.length, length, 'nothing is told after stop()')
})

t.test('one that works without a pause says so at once', async (t) => {
  cpuShare(t, 1)
  const { told } = telling(t)
  await work(() => told.some((one) => one.full))
  t.ok(told.at(-1)?.full)
  t.ok((told.at(-1)?.load ?? 0) > 0.8, JSON.stringify(told))
})

t.test('one that waits for a processor is busy, not full', async (t) => {
  cpuShare(t, 0.5)
  const { told } = telling(t)
  await work(() => told.length >= 4)
  t.ok(told.length >= 4, `told ${told.length} times`)
  t.ok((told.at(-1)?.load ?? 0) > 0.8, JSON.stringify(told))
  t.notOk(told.some((one) => one.full))
})
