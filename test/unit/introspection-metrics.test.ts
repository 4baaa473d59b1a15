import t from 'tap'
import { SPAN } from '../../src/thrift/message-type.js'
import type { Crew } from '../../src/worker/crew.js'
import type { WorkerHandle, WorkerTotals } from '../../src/worker/report.js'
import { Metrics } from '../builders/collector-metrics.js'
import { FakeCrew, introspection, metricsOf, worker } from '../builders/crew.js'

/** Metrics of a worker that has decoded and stored so many spans. */
function spans(n: number): Promise<WorkerTotals['metrics']> {
  return metricsOf(({ accounting }) => {
    accounting.messages[SPAN] = n
    accounting.stored[SPAN] = n
  })
}

async function spansShown(crew: Crew): Promise<number> {
  return new Metrics(await introspection(crew).metricsText()).sum('messages_total', { type: 'TSpan' })
}

t.test('metrics of all workers are added, with those of the dead', async (t) => {
  const crew = new FakeCrew([worker({ metrics: await spans(3) }), worker({ metrics: await spans(4) })])
  t.equal(await spansShown(crew), 7)
  crew.retired = await spans(10)
  t.equal(await spansShown(crew), 17)
})

t.test('metrics do not fall when a worker does not answer', async (t) => {
  const silent = worker(new Error('silent'), await spans(4))
  t.equal(await spansShown(new FakeCrew([worker({ metrics: await spans(3) }), silent])), 7)
})

t.test('metrics do not fall when a worker dies while they are read', async (t) => {
  const metrics = await spans(4)
  const crew = new FakeCrew([worker({ metrics: await spans(3) })])
  let last = metrics
  crew.workers.push({
    report: async () => {
      // as its exit does to the supervisor
      last = []
      crew.retired = metrics
      crew.lostMessages = 2
      throw new Error('died')
    },
    lastMetrics: () => last,
  })
  t.equal(await spansShown(crew), 7)
  const next = new Metrics(await introspection(crew).metricsText())
  t.equal(next.sum('messages_total', { type: 'TSpan' }), 7)
  t.strictSame(next.drops(), { 'worker/died': 2 })
})

t.test('metrics are not counted twice when a worker dies after it has answered', async (t) => {
  const metrics = await spans(4)
  const crew = new FakeCrew([worker({ metrics })])
  const three = worker({ metrics: await spans(3) })
  crew.workers.push({
    report: (name) => {
      crew.retired = metrics
      return three.report(name)
    },
    lastMetrics: () => [],
  })
  t.equal(await spansShown(crew), 7)
})

t.test('messages that died with workers are drops like others', async (t) => {
  const dropping = async (storeFailed: number, queueFull: number): Promise<WorkerHandle> =>
    worker({
      metrics: await metricsOf(({ accounting }) => {
        accounting.dropped.storeFailed = storeFailed
        accounting.dropped.queueFull = queueFull
      }),
    })
  const crew = new FakeCrew([await dropping(1, 0), await dropping(2, 5)])
  const drops = { 'store/failed': 3, 'queue/full': 5 }
  const shown = async (): Promise<Record<string, number>> => {
    const onMetrics = new Metrics(await introspection(crew).metricsText()).drops()
    t.strictSame((await introspection(crew).pipeline()).dropped, onMetrics, 'both pages agree')
    return onMetrics
  }
  t.strictSame(await shown(), drops)
  crew.lostMessages = 6
  t.strictSame(await shown(), { ...drops, 'worker/died': 6 })
})
