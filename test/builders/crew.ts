import { Registry } from 'prom-client'
import { Accounting } from '../../src/accounting.js'
import { defaultSettings } from '../../src/config/settings.js'
import { CollectorIntrospection } from '../../src/introspection.js'
import type { PipelineGauges } from '../../src/metrics.js'
import { registerMetrics } from '../../src/metrics-registry.js'
import type { StoreHealth } from '../../src/store/store.js'
import { StoreFigures } from '../../src/store/store-figures.js'
import type { Crew } from '../../src/worker/crew.js'
import type { WorkerHandle, WorkerReports, WorkerTotals } from '../../src/worker/report.js'
import { FakeStore } from './pipeline-store.js'

/** The time of every introspection here, ms. */
export const NOW = 1_500_000_000_000

/** All that a worker can be asked for. */
type Answers = WorkerReports['health'] & WorkerReports['pipeline'] & WorkerReports['agents']

/** Of a worker that has done nothing. */
const NOTHING: Answers = {
  messagesInFlight: 0,
  messagesOnDisk: 0,
  metrics: [],
  slowest: {},
  traffic: [],
  storeFailure: null,
}

/** A worker that answers with this, so far as it is asked for it, or does not answer. */
export function worker(answers: Partial<Answers> | Error, last: WorkerTotals['metrics'] = []): WorkerHandle {
  const { storeFailure, traffic, slowest, ...totals } = { ...NOTHING, ...answers }
  const reports: WorkerReports = {
    health: { storeFailure },
    agents: { traffic },
    metrics: totals,
    pipeline: { ...totals, slowest },
  }
  return {
    report: (name) => (answers instanceof Error ? Promise.reject(answers) : Promise.resolve(reports[name])),
    lastMetrics: () => last,
  }
}

/** What the metrics of a worker are made from. */
export interface WorkerState {
  accounting: Accounting
  figures: StoreFigures
  gauges: { -readonly [G in keyof PipelineGauges]: PipelineGauges[G] }
}

/** Metrics of a worker of which `set` says what it has done. */
export async function metricsOf(set: (state: WorkerState) => void): Promise<WorkerTotals['metrics']> {
  const accounting = new Accounting()
  const gauges = {
    queueBytes: 1,
    receiving: 1,
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
  }
  const state = { accounting, figures: new StoreFigures(accounting), gauges }
  set(state)
  const registry = new Registry()
  registerMetrics(registry, { ...state, version: '1' })
  return registry.getMetricsAsJSON()
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
  return new CollectorIntrospection({ settings: defaultSettings({}), store, crew, ports: null, now: () => NOW })
}
