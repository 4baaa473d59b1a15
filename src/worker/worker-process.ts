import cluster, { type Worker as Process } from 'node:cluster'
import type { Settings } from '../config/settings.js'
import { CollectorError, messageOf } from '../errors.js'
import type { Logger } from '../log.js'
import type { Ports } from '../pipeline.js'
import type { FromWorker, ToWorker } from './cluster-messages.js'
import type { Reader } from './receiving.js'
import { LOAD_INTERVAL_MS } from './receiving-plan.js'
import { type ReportName, totalsOf, type WorkerHandle, type WorkerReports, type WorkerTotals } from './report.js'

const REPORT_TIMEOUT_MS = 5_000
const START_TIMEOUT_MS = 30_000
const RESTART_FIRST_MS = 500
const RESTART_MAX_MS = 30_000
/** A worker that ran this long starts again with the first delay. */
const HEALTHY_MS = 60_000
/** A worker that does not tell its load for so long is as busy as can be. */
const LOAD_SILENT_MS = 3 * LOAD_INTERVAL_MS

const NOTHING: WorkerTotals = { messagesInFlight: 0, messagesOnDisk: 0, metrics: [] }

interface Waiting {
  resolve(report: WorkerReports[ReportName]): void
  reject(error: Error): void
}

/** One worker process and its successors, as the primary sees them. */
export class WorkerProcess implements WorkerHandle, Reader {
  /** what the living process told of itself last, at most a second ago */
  private totals: WorkerTotals = NOTHING
  private process: Process | null = null
  private ready = false
  private receiving = false
  private told = { load: 0, atMs: 0 }
  /** by the living process */
  datagrams = 0
  private stopping = false
  /** null while the worker has not told it */
  private lostAtStop: number | null = null
  private startedAt = 0
  private failures = 0
  private nextId = 0
  private readonly waiting = new Map<number, Waiting>()
  private ended: (() => void) | undefined

  constructor(
    private readonly number: number,
    private readonly settings: Settings,
    private readonly log: Logger,
    private readonly events: {
      /** the last totals of a process that died */
      died(totals: WorkerTotals): void
      /** it became ready, or is not any longer */
      changed(): void
      /** it reads as much as it can */
      full(worker: Reader): void
    },
  ) {}

  /** Forks; resolves when the worker has its ports, rejects when it cannot have them. */
  start(): Promise<Ports> {
    return new Promise((resolve, reject) => {
      this.startedAt = performance.now()
      const child = cluster.fork()
      this.process = child
      const fail = (message: string): void => {
        clearTimeout(timer)
        reject(new CollectorError('WORKER', message))
      }
      const timer = setTimeout(() => {
        fail(`worker ${this.number} is not ready after ${START_TIMEOUT_MS} ms; see the log`)
        child.process.kill('SIGKILL')
      }, START_TIMEOUT_MS)
      child.on('message', (message: FromWorker) => {
        if (message.say === 'up') this.tell(child, { say: 'start', number: this.number, settings: this.settings })
        else if (message.say === 'failed') fail(message.message)
        else if (message.say === 'ready') {
          clearTimeout(timer)
          this.ready = true
          this.events.changed()
          resolve(message.ports)
        } else if (child === this.process) this.heard(message)
      })
      child.on('error', (error) => fail(`worker ${this.number}: ${messageOf(error)}`))
      child.on('exit', (code, signal) => {
        fail(`worker ${this.number} ended with ${signal ?? `exit code ${code}`} before it was ready`)
        if (child === this.process) this.exited(code, signal)
      })
    })
  }

  report<N extends ReportName>(name: N): Promise<WorkerReports[N]> {
    return new Promise((resolve, reject) => {
      const child = this.process
      if (child === null || !this.ready) {
        reject(new CollectorError('WORKER', `worker ${this.number} is not running`))
        return
      }
      const id = this.nextId++
      const timer = setTimeout(() => this.answer(id)?.reject(this.silent()), REPORT_TIMEOUT_MS)
      this.waiting.set(id, {
        resolve: (report) => {
          clearTimeout(timer)
          resolve(report as WorkerReports[N])
        },
        reject: (error) => {
          clearTimeout(timer)
          reject(error)
        },
      })
      this.tell(child, { say: 'report', id, name })
    })
  }

  get isReady(): boolean {
    return this.ready
  }

  get isReceiving(): boolean {
    return this.receiving
  }

  load(): number {
    return performance.now() - this.told.atMs > LOAD_SILENT_MS ? 1 : this.told.load
  }

  receive(on: boolean): void {
    this.receiving = on
    this.told = { load: 0, atMs: performance.now() }
    if (this.process !== null) this.tell(this.process, { say: 'receive', on })
  }

  lastMetrics(): WorkerTotals['metrics'] {
    return this.totals.metrics
  }

  /** Resolves when the process has ended, with the messages and counts that the store did not take in time. */
  stop(): Promise<number> {
    this.stopping = true
    const child = this.process
    if (child === null) return Promise.resolve(0)
    return new Promise((resolve) => {
      this.ended = () => resolve(this.lostAtStop ?? this.totals.messagesInFlight)
      this.tell(child, { say: 'stop' })
    })
  }

  kill(): void {
    this.process?.process.kill('SIGKILL')
  }

  /** A process that is just dying cannot be told; its exit comes as an event. */
  private tell(child: Process, message: ToWorker): void {
    if (child.isConnected()) child.send(message, undefined, () => {})
  }

  private silent(): CollectorError {
    return new CollectorError('WORKER', `worker ${this.number} does not answer`)
  }

  private answer(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    return waiting
  }

  private heard(message: FromWorker): void {
    if (message.say === 'alive') this.totals = message.totals
    else if (message.say === 'load') {
      this.told = { load: message.load, atMs: performance.now() }
      this.datagrams = message.datagrams
      if (message.full && this.receiving && !this.stopping) this.events.full(this)
    } else if (message.say === 'stopped') this.lostAtStop = message.lost
    else if (message.say === 'report') {
      // what was shown once must not be forgotten
      if ('metrics' in message.report) this.totals = totalsOf(message.report)
      this.answer(message.id)?.resolve(message.report)
    } else if (message.say === 'no report') {
      this.answer(message.id)?.reject(new CollectorError('WORKER', `worker ${this.number}: ${message.message}`))
    }
  }

  private exited(code: number | null, signal: string | null): void {
    const wasReady = this.ready
    this.process = null
    this.ready = false
    this.receiving = false
    this.datagrams = 0
    for (const waiting of this.waiting.values()) waiting.reject(this.silent())
    this.waiting.clear()
    this.ended?.()
    if (this.stopping || !wasReady) return
    this.events.changed()
    this.events.died(this.totals)
    this.totals = NOTHING
    if (performance.now() - this.startedAt > HEALTHY_MS) this.failures = 0
    const wait = Math.min(RESTART_MAX_MS, RESTART_FIRST_MS * 2 ** this.failures++)
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
