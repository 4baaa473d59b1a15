import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Accounting } from '../accounting.js'
import type { SpillReport } from '../batch/spill/spill.js'
import { packageVersion } from '../cli/version.js'
import type { Settings } from '../config/settings.js'
import { DROP_NAMES, DROPS } from '../drop-reasons.js'
import type { Logger } from '../log.js'
import { type MetricObservers, registerMetrics } from '../metrics-registry.js'
import { Pipeline, type Ports } from '../pipeline.js'
import { kernelDrops } from '../receiver/kernel-drops.js'
import { TABLES } from '../row/tables.js'
import type { Store } from '../store/store.js'
import type { StoreFigures } from '../store/store-figures.js'
import { totalsOf, type WorkerHandle, type WorkerReport, type WorkerTotals } from './report.js'

const NO_SPILL: SpillReport = { bytes: 0, messages: 0, records: { written: 0, replayed: 0, dropped: 0 } }

/** One pipeline with its metrics; alone in the process, or one of several processes. */
export class Worker implements WorkerHandle {
  private readonly pipeline: Pipeline
  private readonly registry = new Registry()
  /** process_* and nodejs_*, which cost more to read than all of ours */
  private readonly processRegistry = new Registry()
  private readonly observers: MetricObservers
  private kernel = { stat: 0, span: 0 }
  private storeSizeBytes = 0
  private ports: Ports = { tcp: 0, stat: 0, span: 0 }

  /** @param number from 0; the first tells of what all workers share: sockets and the store's size */
  constructor(
    private readonly settings: Settings,
    private readonly store: Store,
    accounting: Accounting,
    private readonly figures: StoreFigures,
    log: Logger,
    private readonly number: number,
  ) {
    this.pipeline = new Pipeline(settings, store, accounting, log, (...args) => this.wrote(...args), number)
    collectDefaultMetrics({ register: this.processRegistry })
    this.observers = registerMetrics(this.registry, {
      accounting,
      figures,
      gauges: this.gauges(),
      version: packageVersion(),
    })
  }

  async start(): Promise<Ports> {
    this.ports = await this.pipeline.start()
    return this.ports
  }

  /** @returns messages that the store did not take in time */
  async stop(): Promise<number> {
    const lost = await this.pipeline.stop()
    await this.store.close()
    return lost
  }

  /** What is left of the worker when it dies. */
  async totals(): Promise<WorkerTotals> {
    const metrics = await this.registry.getMetricsAsJSON()
    const { accounting, spill } = this.pipeline
    const messagesOnDisk = spill?.report().messages ?? 0
    return totalsOf({ messagesInFlight: accounting.inFlight - messagesOnDisk, messagesOnDisk, metrics })
  }

  /** This process has nothing older than a report. */
  lastMetrics(): WorkerTotals['metrics'] {
    return []
  }

  async report(): Promise<WorkerReport> {
    const { accounting, batcher, agents, spill } = this.pipeline
    if (this.number === 0) await this.readShared()
    return {
      metrics: [...(await this.registry.getMetricsAsJSON()), ...(await this.processRegistry.getMetricsAsJSON())],
      traffic: [...agents.list()],
      queueBytes: batcher.bytes,
      queueMaxBytes: this.settings.batchMaxQueueBytes,
      batchesInFlight: batcher.batchesInFlight,
      messagesInFlight: accounting.inFlight,
      dropped: this.dropped(),
      rowsWritten: [...accounting.rowsWritten],
      rowsRetried: TABLES.map((t) => sum(accounting.rowsRetried.get(t.id)?.values() ?? [])),
      servers: Object.fromEntries(this.figures.servers),
      storeFailure: batcher.failure,
      spill: spill?.report() ?? NO_SPILL,
    }
  }

  private wrote(operation: 'put' | 'increment', seconds: number, ok: boolean, acceptedAt?: number): void {
    this.observers.storeWrite(operation, seconds)
    if (acceptedAt !== undefined) this.observers.acknowledged(Math.max(0, Date.now() - acceptedAt) / 1000)
    // a store of one place has no servers to tell of
    if (this.store.kind !== 'hbase') this.figures.called(this.store.kind, operation, seconds, ok)
  }

  private async readShared(): Promise<void> {
    const [stat, span] = await kernelDrops([this.ports.stat, this.ports.span])
    this.kernel = { stat, span }
    const { details } = await this.store.health()
    if (typeof details?.bytes === 'number') this.storeSizeBytes = details.bytes
  }

  private dropped(): Record<string, number> {
    const out: Record<string, number> = {}
    for (const name of DROP_NAMES) {
      const { stage, reason } = DROPS[name]
      const n = stage === 'kernel' ? this.kernel.stat + this.kernel.span : this.pipeline.accounting.dropped[name]
      if (n > 0) out[`${stage}/${reason}`] = n
    }
    return out
  }

  private gauges(): Parameters<typeof registerMetrics>[1]['gauges'] {
    const worker = this
    const { pipeline, settings } = this
    return {
      get queueBytes() {
        return pipeline.batcher.bytes
      },
      queueMaxBytes: settings.batchMaxQueueBytes,
      get batchesInFlight() {
        return pipeline.batcher.batchesInFlight
      },
      get agentsConnected() {
        return pipeline.tcp.counts().agents
      },
      get tcpConnections() {
        return pipeline.tcp.counts().open
      },
      get tcpRefused() {
        return pipeline.tcp.counts().refused
      },
      get tcpBufferedBytes() {
        return pipeline.tcp.counts().bufferedBytes
      },
      get tcpHandlerErrors() {
        return pipeline.tcp.counts().handlerErrors
      },
      get kernelDrops() {
        return worker.kernel
      },
      get receiveBufferBytes() {
        return { stat: pipeline.stat.receiveBufferBytes, span: pipeline.span.receiveBufferBytes }
      },
      get storeSizeBytes() {
        return worker.storeSizeBytes
      },
      get spill() {
        return pipeline.spill?.report() ?? NO_SPILL
      },
      get counterMapEntries() {
        return pipeline.counters.size
      },
      get counterMapBytes() {
        return pipeline.counters.bytes
      },
    }
  }
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
