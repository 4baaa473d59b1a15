import { Registry } from 'prom-client'
import t from 'tap'
import { Accounting } from '../../src/accounting.js'
import { registerMetrics } from '../../src/metrics-registry.js'
import { StoreFigures } from '../../src/store/store-figures.js'
import { SPAN } from '../../src/thrift/message-type.js'
import type { Crew } from '../../src/worker/crew.js'
import type { WorkerTotals } from '../../src/worker/report.js'
import { Metrics } from '../builders/collector-metrics.js'
import { FakeCrew, introspection, REPORT, worker } from '../builders/crew.js'

/** Metrics of a worker that has decoded and stored so many spans. */
async function metricsOf(spans: number): Promise<WorkerTotals['metrics']> {
  const accounting = new Accounting()
  accounting.messages[SPAN] = spans
  accounting.stored[SPAN] = spans
  const registry = new Registry()
  registerMetrics(registry, {
    accounting,
    figures: new StoreFigures(accounting),
    version: '1',
    gauges: {
      queueBytes: 1,
      queueMaxBytes: 1,
      batchesInFlight: 0,
      agentsConnected: 0,
      tcpConnections: 0,
      tcpRefused: 0,
      tcpBufferedBytes: 0,
      tcpHandlerErrors: 0,
      kernelDrops: { stat: 0, span: 0 },
      receiveBufferBytes: { stat: 1, span: 1 },
      storeSizeBytes: 0,
      spill: { bytes: 0, messages: 0, records: { written: 0, replayed: 0, dropped: 0 } },
      counterMapEntries: 0,
      counterMapBytes: 0,
    },
  })
  return registry.getMetricsAsJSON()
}

async function spansShown(crew: Crew): Promise<number> {
  return new Metrics(await introspection(crew).metricsText()).sum('messages_total', { type: 'TSpan' })
}

t.test('metrics of all workers are added, with those of the dead', async (t) => {
  const crew = new FakeCrew([worker({ metrics: await metricsOf(3) }), worker({ metrics: await metricsOf(4) })])
  t.equal(await spansShown(crew), 7)
  crew.retired = await metricsOf(10)
  t.equal(await spansShown(crew), 17)
})

t.test('metrics do not fall when a worker does not answer', async (t) => {
  const silent = worker(new Error('silent'), await metricsOf(4))
  t.equal(await spansShown(new FakeCrew([worker({ metrics: await metricsOf(3) }), silent])), 7)
})

t.test('metrics do not fall when a worker dies while they are read', async (t) => {
  const metrics = await metricsOf(4)
  const crew = new FakeCrew([worker({ metrics: await metricsOf(3) })])
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
  const metrics = await metricsOf(4)
  const crew = new FakeCrew([worker({ metrics })])
  crew.workers.push({
    report: async () => {
      crew.retired = metrics
      return { ...REPORT, metrics: await metricsOf(3) }
    },
    lastMetrics: () => [],
  })
  t.equal(await spansShown(crew), 7)
})

t.test('messages that died with workers are drops like others', async (t) => {
  const crew = new FakeCrew([
    worker({ metrics: await metricsOf(3), dropped: { 'store/failed': 1 } }),
    worker({ dropped: { 'store/failed': 2, 'queue/full': 5 } }),
  ])
  t.strictSame((await introspection(crew).pipeline()).dropped, { 'store/failed': 3, 'queue/full': 5 })
  t.strictSame(new Metrics(await introspection(crew).metricsText()).drops(), {})
  crew.lostMessages = 6
  t.strictSame((await introspection(crew).pipeline()).dropped, {
    'store/failed': 3,
    'queue/full': 5,
    'worker/died': 6,
  })
  t.strictSame(new Metrics(await introspection(crew).metricsText()).drops(), { 'worker/died': 6 })
})
