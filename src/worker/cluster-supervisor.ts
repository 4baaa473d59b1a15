import cluster, { type Worker as Process } from 'node:cluster'
import { fileURLToPath } from 'node:url'
import { AggregatorRegistry } from 'prom-client'
import type { Settings } from '../config/settings.js'
import { CollectorError } from '../errors.js'
import type { Logger } from '../log.js'
import type { Ports } from '../pipeline.js'
import type { FromWorker, ToWorker } from './cluster-messages.js'
import type { WorkerHandle, WorkerReport, WorkerTotals } from './report.js'

const WORKER_PROGRAM = fileURLToPath(new URL('./cluster-worker.js', import.meta.url))

/** Messages die young and are small: a small nursery keeps the memory of each process low (docs/embedded-store.md). */
const WORKER_FLAGS = [...process.execArgv, '--max-semi-space-size=4']

const REPORT_TIMEOUT_MS = 5_000
const START_TIMEOUT_MS = 30_000
const RESTART_FIRST_MS = 500
const RESTART_MAX_MS = 30_000
/** A worker that ran this long starts again with the first delay. */
const HEALTHY_MS = 60_000

const NOTHING: WorkerTotals = { messagesInFlight: 0, messagesOnDisk: 0, metrics: [] }

/** One worker process and its successors. */
class ClusterWorker implements WorkerHandle {
  private process: Process | null = null
  private ready = false
  private totals: WorkerTotals = NOTHING
  private lostAtStop = 0
  private startedAt = 0
  private failures = 0
  private nextId = 0
  private readonly waiting = new Map<number, (report: WorkerReport) => void>()
  private stopping = false
  private ended: (() => void) | undefined

  constructor(
    private readonly number: number,
    private readonly settings: Settings,
    private readonly log: Logger,
    /** called with the last totals of a process that died */
    private readonly onDeath: (totals: WorkerTotals) => void,
  ) {}

  get running(): boolean {
    return this.ready
  }

  /** Forks; resolves when the worker has its ports, rejects when it cannot have them. */
  start(): Promise<Ports> {
    return new Promise((resolve, reject) => {
      this.startedAt = performance.now()
      const child = cluster.fork()
      this.process = child
      child.on('message', (message: FromWorker) => {
        if (message.say === 'up') {
          child.send({ say: 'start', number: this.number, settings: this.settings } satisfies ToWorker)
        } else if (message.say === 'ready') {
          this.ready = true
          resolve(message.ports)
        } else if (message.say === 'failed') reject(new CollectorError('WORKER', message.message))
        else this.heard(message)
      })
      const timer = setTimeout(() => {
        reject(
          new CollectorError('WORKER', `worker ${this.number} is not ready after ${START_TIMEOUT_MS} ms; see the log`),
        )
        child.process.kill('SIGKILL')
      }, START_TIMEOUT_MS)
      child.on('message', (message: FromWorker) => {
        if (message.say === 'ready' || message.say === 'failed') clearTimeout(timer)
      })
      child.on('exit', (code, signal) => {
        clearTimeout(timer)
        reject(
          new CollectorError(
            'WORKER',
            `worker ${this.number} ended with ${signal ?? `exit code ${code}`} before it was ready`,
          ),
        )
        this.exited(code, signal)
      })
    })
  }

  report(): Promise<WorkerReport> {
    return new Promise((resolve, reject) => {
      const child = this.process
      if (child === null || !this.ready)
        return reject(new CollectorError('WORKER', `worker ${this.number} is not running`))
      const id = this.nextId++
      const timer = setTimeout(() => {
        this.waiting.delete(id)
        reject(new CollectorError('WORKER', `worker ${this.number} does not answer`))
      }, REPORT_TIMEOUT_MS)
      this.waiting.set(id, (report) => {
        clearTimeout(timer)
        resolve(report)
      })
      child.send({ say: 'report', id } satisfies ToWorker)
    })
  }

  /** Resolves when the process has ended, with the messages that the store did not take in time. */
  stop(): Promise<number> {
    this.stopping = true
    const child = this.process
    if (child === null) return Promise.resolve(0)
    return new Promise((resolve) => {
      this.ended = () => resolve(this.lostAtStop)
      if (child.isConnected()) child.send({ say: 'stop' } satisfies ToWorker)
    })
  }

  kill(): void {
    this.process?.process.kill('SIGKILL')
  }

  private heard(message: FromWorker): void {
    if (message.say === 'alive') this.totals = message.totals
    else if (message.say === 'stopped') this.lostAtStop = message.lostMessages
    else if (message.say === 'report') {
      this.waiting.get(message.id)?.(message.report)
      this.waiting.delete(message.id)
    }
  }

  private exited(code: number | null, signal: string | null): void {
    const wasReady = this.ready
    this.process = null
    this.ready = false
    this.ended?.()
    if (this.stopping || !wasReady) return
    this.onDeath(this.totals)
    this.totals = NOTHING
    this.failures = performance.now() - this.startedAt > HEALTHY_MS ? 0 : this.failures + 1
    const wait = Math.min(RESTART_MAX_MS, RESTART_FIRST_MS * 2 ** this.failures)
    this.log.error(
      { worker: this.number, code, signal, restartInMs: wait },
      signal === 'SIGKILL'
        ? 'a worker process was killed and is started again: look for the out-of-memory killer in the log of the kernel'
        : 'a worker process died and is started again; please report the lines before this one',
    )
    setTimeout(() => this.restart(), wait)
  }

  private restart(): void {
    if (this.stopping) return
    this.start().catch((error: unknown) => {
      this.log.error(
        { worker: this.number, err: error },
        'a worker process could not be started again; trying once more',
      )
      setTimeout(() => this.restart(), RESTART_MAX_MS).unref()
    })
  }
}

/** Forks the workers and keeps them running. */
export class ClusterSupervisor {
  readonly workers: ClusterWorker[]
  /** messages that died with worker processes */
  lostMessages = 0
  /** messages that dead worker processes left on disk */
  leftMessages = 0
  /** counters of processes that died */
  retired: WorkerTotals['metrics'] = []

  constructor(count: number, settings: Settings, log: Logger) {
    cluster.setupPrimary({ exec: WORKER_PROGRAM, args: [], execArgv: WORKER_FLAGS })
    const died = (totals: WorkerTotals): void => {
      this.lostMessages += totals.messagesInFlight
      this.leftMessages += totals.messagesOnDisk
      void this.retire(totals.metrics)
    }
    this.workers = Array.from({ length: count }, (_, i) => new ClusterWorker(i, settings, log, died))
  }

  /** All share the ports of the one that binds first. */
  async start(): Promise<Ports> {
    const [ports] = await Promise.all(this.workers.map((worker) => worker.start()))
    return ports
  }

  get running(): number {
    return this.workers.filter((worker) => worker.running).length
  }

  /** @returns messages that the store did not take in time */
  async stop(): Promise<number> {
    const lost = await Promise.all(this.workers.map((worker) => worker.stop()))
    return lost.reduce((sum, n) => sum + n, 0)
  }

  private async retire(metrics: WorkerTotals['metrics']): Promise<void> {
    this.retired = await AggregatorRegistry.aggregate([this.retired, metrics]).getMetricsAsJSON()
  }

  kill(): void {
    for (const worker of this.workers) worker.kill()
  }
}
