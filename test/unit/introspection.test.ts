import t from 'tap'
import type { HealthCheck } from '../../src/http/introspection.js'
import { table } from '../../src/row/tables.js'
import type { StoreHealth } from '../../src/store/store.js'
import type { Crew } from '../../src/worker/crew.js'
import { FakeCrew, introspection, worker } from '../builders/crew.js'

const TRACES = table('Traces')

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
  t.strictSame(await failed(one, async () => ({ ok: true, tables })), [
    { name: 'table Traces', ok: false, reason: 'is missing' },
  ])
})

t.test('the pipeline report adds up the workers that answer', async (t) => {
  const rows = (n: number): number[] => Array.from({ length: 14 }, (_, id) => (id === TRACES.id ? n : 0))
  const crew = new FakeCrew([
    worker({
      queueBytes: 10,
      queueMaxBytes: 100,
      batchesInFlight: 1,
      messagesInFlight: 5,
      rowsWritten: rows(7),
      rowsRetried: rows(1),
      servers: { rs1: { calls: 3, failures: 1, totalSeconds: 0.5, maxSeconds: 0.25 } },
    }),
    worker(new Error('silent')),
    worker({
      queueBytes: 20,
      queueMaxBytes: 100,
      batchesInFlight: 2,
      messagesInFlight: 6,
      rowsWritten: rows(8),
      rowsRetried: rows(0),
      servers: {
        rs1: { calls: 1, failures: 0, totalSeconds: 0.5, maxSeconds: 0.5 },
        rs2: { calls: 2, failures: 0, totalSeconds: 1, maxSeconds: 0.75 },
      },
    }),
  ])
  const report = await introspection(crew).pipeline()
  t.match(report, { workers: 2, queueBytes: 30, queueMaxBytes: 200, batchesInFlight: 3, messagesInFlight: 11 })
  t.equal(report.tables.length, 14)
  t.strictSame(
    report.tables.filter((of) => of.rowsWritten > 0 || of.rowsRetried > 0),
    [{ table: 'Traces', rowsWritten: 15, rowsRetried: 1 }],
  )
  t.strictSame(report.servers, [
    { server: 'rs1', writes: 4, failures: 1, meanMs: 250, maxMs: 500 },
    { server: 'rs2', writes: 2, failures: 0, meanMs: 500, maxMs: 750 },
  ])
})

t.test('the report of one worker is not changed by adding another', async (t) => {
  const figures = { calls: 1, failures: 0, totalSeconds: 1, maxSeconds: 1 }
  await introspection(
    new FakeCrew([worker({ servers: { rs1: figures } }), worker({ servers: { rs1: figures } })]),
  ).pipeline()
  t.strictSame(figures, { calls: 1, failures: 0, totalSeconds: 1, maxSeconds: 1 })
})
