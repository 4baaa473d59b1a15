import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Accounting } from '../accounting.js'
import type { SpillReport } from '../batch/spill/spill.js'
import { packageVersion } from '../cli/version.js'
import type { Settings } from '../config/settings.js'
import type { Logger } from '../log.js'
import { type MetricObservers, registerMetrics } from '../metrics-registry.js'
import { Pipeline, type Ports } from '../pipeline.js'
import { kernelDrops } from '../receiver/kernel-drops.js'
import type { Store } from '../store/store.js'
import type { StoreFigures } from '../store/store-figures.js'
import { type ReportName, totalsOf, type WorkerHandle, type WorkerReports, type WorkerTotals } from './report.js'

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
    settings: Settings,
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

  /** Reads the UDP ports, as it does from the start, or leaves them to the other workers. */
  receive(on: boolean): void {
    this.pipeline.receive(on)
  }

  /** Datagrams taken since the start. */
  get datagrams(): number {
    const { stat, span } = this.pipeline.accounting.packets
    return stat + span
  }

  /** @returns messages that the store did not take in time */
  async stop(): Promise<number> {
    const lost = await this.pipeline.stop()
    await this.store.close()
    return lost
  }

  /** What is left of the worker when it dies. */
  async totals(): Promise<WorkerTotals> {
    return totalsOf(await this.metrics())
  }

  /** This process has nothing older than a report. */
  lastMetrics(): WorkerTotals['metrics'] {
    return []
  }

  async report<N extends ReportName>(name: N): Promise<WorkerReports[N]> {
    return this.reports[name]()
  }

  private readonly reports: { [N in ReportName]: () => Promise<WorkerReports[N]> } = {
    health: async () => ({ storeFailure: this.pipeline.batcher.failure }),
    agents: async () => ({ traffic: [...this.pipeline.agents.list()] }),
    pipeline: async () => {
      if (this.number === 0) await this.readShared()
      const servers = [...this.figures.servers]
      const slowest = Object.fromEntries(servers.map(([server, { maxSeconds }]) => [server, maxSeconds]))
      return { ...(await this.metrics()), slowest }
    },
    metrics: async () => {
      if (this.number === 0) await this.readShared()
      const { metrics, ...messages } = await this.metrics()
      return { ...messages, metrics: [...metrics, ...(await this.processRegistry.getMetricsAsJSON())] }
    },
  }

  private async metrics(): Promise<WorkerTotals> {
    const metrics = await this.registry.getMetricsAsJSON()
    const { accounting, spill } = this.pipeline
    const messagesOnDisk = spill?.report().messages ?? 0
    return { messagesInFlight: accounting.inFlight - messagesOnDisk, messagesOnDisk, metrics }
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
    // HBase would ask its servers for each scrape, and has no size to tell
    if (this.store.kind !== 'embedded') return
    const { details } = await this.store.health()
    if (typeof details?.bytes === 'number') this.storeSizeBytes = details.bytes
  }

  private gauges(): Parameters<typeof registerMetrics>[1]['gauges'] {
    const worker = this
    const { pipeline } = this
    return {
      get queueBytes() {
        return pipeline.batcher.bytes
      },
      get receiving() {
        return pipeline.span.reading ? 1 : 0
      },
      queueMaxBytes: pipeline.batcher.options.maxQueueBytes,
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
