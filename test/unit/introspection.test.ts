import t from 'tap'
import type { HealthCheck } from '../../src/http/introspection.js'
import { table } from '../../src/row/tables.js'
import type { StoreHealth } from '../../src/store/store.js'
import type { Crew } from '../../src/worker/crew.js'
import { totalsOf, type WorkerTotals } from '../../src/worker/report.js'
import { FakeCrew, introspection, metricsOf, worker } from '../builders/crew.js'

const TRACES = table('Traces')
const IN_MEMORY = { messagesInFlight: 5, messagesOnDisk: 0 }

t.test('health: all is well', async (t) => {
  const details = { bytes: 5 }
  const report = await introspection(new FakeCrew([worker({}), worker({})]), async () => ({
    ok: true,
    details,
  })).health()
  t.strictSame(report, {
    ready: true,
    checks: [
      { name: 'store', ok: true },
      { name: 'receivers', ok: true },
    ],
    details: { workers: 2, bytes: 5 },
  })
})

t.test('health: each thing that is wrong is told by itself', async (t) => {
  async function failed(crew: Crew, health?: () => Promise<StoreHealth>): Promise<HealthCheck[]> {
    const { ready, checks } = await introspection(crew, health).health()
    t.notOk(ready)
    return checks.filter((c) => !c.ok)
  }
  const well = worker({})
  t.strictSame(await failed(new FakeCrew([well, worker(new Error('worker 1 does not answer'))])), [
    { name: 'worker 1', ok: false, reason: 'worker 1 does not answer' },
  ])
  t.strictSame(await failed(new FakeCrew([worker({ storeFailure: 'the disk is full' }), well])), [
    { name: 'worker 0', ok: false, reason: 'rows are not taken: the disk is full' },
  ])
  t.strictSame(await failed(new FakeCrew([worker(new Error('gone'))])), [
    { name: 'worker 0', ok: false, reason: 'gone' },
    { name: 'receivers', ok: false, reason: 'no worker is running' },
  ])
  const one = new FakeCrew([well])
  t.strictSame(await failed(one, async () => ({ ok: false, reason: 'start HBase' })), [
    { name: 'store', ok: false, reason: 'start HBase' },
  ])
  t.strictSame(await failed(one, async () => ({ ok: false })), [{ name: 'store', ok: false, reason: 'see the log' }])
  t.strictSame(await failed(one, () => Promise.reject(new Error('no quorum'))), [
    { name: 'store', ok: false, reason: 'no quorum' },
  ])
  const tables = [{ name: 'Traces', problem: 'is missing' }]
  t.strictSame(await failed(one, async () => ({ ok: false, reason: 'tables missing', tables })), [
    { name: 'store', ok: false, reason: 'tables missing' },
    { name: 'table Traces', ok: false, reason: 'is missing' },
  ])
})

t.test('health: a wrong table into which rows can be written is named, and the collector stays ready', async (t) => {
  const tables = [{ name: 'Traces', problem: 'family S has TTL 1' }]
  const report = await introspection(new FakeCrew([worker({})]), async () => ({ ok: true, tables })).health()
  t.equal(report.ready, true)
  t.strictSame(report.checks[1], { name: 'table Traces', ok: true, reason: 'family S has TTL 1' })
})

/** A worker that has written and retried so many rows of Traces, in one call of so many seconds to each server. */
async function written(
  rows: number,
  retried: number,
  seconds: Record<string, number>,
): Promise<WorkerTotals['metrics']> {
  return metricsOf(({ accounting, figures, gauges }) => {
    accounting.rowsWritten[TRACES.id] = rows
    accounting.retried(TRACES.id, 'timeout', retried)
    for (const [server, n] of Object.entries(seconds)) figures.called(server, 'Multi', n, n < 1)
    Object.assign(gauges, { queueBytes: 10, queueMaxBytes: 100, batchesInFlight: 1 })
    accounting.inFlight = 5
  })
}

t.test('the pipeline report adds up the workers', async (t) => {
  const crew = new FakeCrew([
    worker({ metrics: await written(7, 1, { rs1: 0.25 }), slowest: { rs1: 0.25 } }),
    worker(new Error('silent')),
    worker({ metrics: await written(8, 0, { rs1: 1.75, rs2: 0.5 }), slowest: { rs1: 1.75, rs2: 0.5 } }),
  ])
  const report = await introspection(crew).pipeline()
  t.match(report, { workers: 2, queueBytes: 20, queueMaxBytes: 200, batchesInFlight: 2, messagesInFlight: 10 })
  t.equal(report.tables.length, 14)
  t.strictSame(
    report.tables.filter((of) => of.rowsWritten > 0 || of.rowsRetried > 0),
    [{ table: 'Traces', rowsWritten: 15, rowsRetried: 1 }],
  )
  t.strictSame(report.servers, [
    { server: 'rs1', writes: 2, failures: 1, meanMs: 1000, maxMs: 1750 },
    { server: 'rs2', writes: 1, failures: 0, meanMs: 500, maxMs: 500 },
  ])
})

t.test('the pipeline report keeps the account of workers that died or are silent', async (t) => {
  const crew = new FakeCrew([
    worker({ metrics: await written(7, 1, { rs1: 0.25 }), slowest: { rs1: 0.25 } }),
    worker(new Error('silent'), totalsOf({ ...IN_MEMORY, metrics: await written(20, 2, { rs1: 0.5 }) }).metrics),
  ])
  crew.retired = totalsOf({ ...IN_MEMORY, metrics: await written(300, 4, { rs3: 0.5 }) }).metrics
  const report = await introspection(crew).pipeline()
  t.match(report, { workers: 1, queueBytes: 10, queueMaxBytes: 100, batchesInFlight: 1, messagesInFlight: 5 })
  t.strictSame(
    report.tables.filter((of) => of.rowsWritten > 0),
    [{ table: 'Traces', rowsWritten: 327, rowsRetried: 7 }],
  )
  t.strictSame(report.servers, [
    { server: 'rs1', writes: 2, failures: 0, meanMs: 375, maxMs: 250 },
    { server: 'rs3', writes: 1, failures: 0, meanMs: 500, maxMs: 0 },
  ])
})
