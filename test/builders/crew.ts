import { defaultSettings } from '../../src/config/settings.js'
import { CollectorIntrospection } from '../../src/introspection.js'
import type { StoreHealth } from '../../src/store/store.js'
import type { Crew } from '../../src/worker/crew.js'
import type { WorkerHandle, WorkerReport, WorkerTotals } from '../../src/worker/report.js'
import { FakeStore } from './pipeline-store.js'

/** The time of every introspection here, ms. */
export const NOW = 1_500_000_000_000

/** Of a worker that has done nothing. */
export const REPORT: WorkerReport = {
  metrics: [],
  traffic: [],
  queueBytes: 0,
  queueMaxBytes: 0,
  batchesInFlight: 0,
  messagesInFlight: 0,
  dropped: {},
  rowsWritten: [],
  rowsRetried: [],
  servers: {},
  storeFailure: null,
  spill: { bytes: 0, messages: 0, records: { written: 0, replayed: 0, dropped: 0 } },
}

/** A worker that answers with this report, or does not answer. */
export function worker(report: Partial<WorkerReport> | Error, last: WorkerTotals['metrics'] = []): WorkerHandle {
  return {
    report: () => (report instanceof Error ? Promise.reject(report) : Promise.resolve({ ...REPORT, ...report })),
    lastMetrics: () => last,
  }
}

/** Workers that need no start. */
export class FakeCrew implements Crew {
  leftMessages = 0
  lostMessages = 0
  retired: WorkerTotals['metrics'] = []

  constructor(readonly workers: WorkerHandle[]) {}

  async start(): Promise<never> {
    throw new Error('not started here')
  }

  async stop(): Promise<number> {
    return 0
  }

  kill(): void {}
}

/** What the pages show of these workers. */
export function introspection(
  crew: Crew,
  health: () => Promise<StoreHealth> = async () => ({ ok: true }),
): CollectorIntrospection {
  const store = new FakeStore()
  store.health = health
  return new CollectorIntrospection({ settings: defaultSettings({}), store, crew, now: () => NOW })
}
