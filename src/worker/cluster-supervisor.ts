import cluster from 'node:cluster'
import { fileURLToPath } from 'node:url'
import { AggregatorRegistry } from 'prom-client'
import type { Settings } from '../config/settings.js'
import type { Logger } from '../log.js'
import type { Ports } from '../pipeline.js'
import type { Crew } from './crew.js'
import { type Reader, Receiving } from './receiving.js'
import type { WorkerTotals } from './report.js'
import { WorkerProcess } from './worker-process.js'

const WORKER_PROGRAM = fileURLToPath(new URL('./cluster-worker.js', import.meta.url))

/** Messages die young and are small: a small nursery keeps the memory of each process low (docs/embedded-store.md). */
const WORKER_FLAGS = [...process.execArgv, '--max-semi-space-size=2']

/** Several worker processes that share the ports; a process that dies is started again. */
export class ClusterSupervisor implements Crew {
  readonly workers: readonly WorkerProcess[]
  /** messages that died with worker processes */
  lostMessages = 0
  leftMessages = 0
  retired: WorkerTotals['metrics'] = []
  private readonly receiving: Receiving

  constructor(count: number, settings: Settings, log: Logger) {
    cluster.setupPrimary({ exec: WORKER_PROGRAM, args: [], execArgv: WORKER_FLAGS })
    const died = (totals: WorkerTotals): void => {
      this.lostMessages += totals.messagesInFlight
      this.leftMessages += totals.messagesOnDisk
      this.retired = [...this.retired, ...totals.metrics]
      void this.addUpRetired()
    }
    const events = {
      died,
      changed: () => this.receiving.workersChanged(),
      full: (worker: Reader) => this.receiving.full(worker),
    }
    this.workers = Array.from({ length: count }, (_, i) => new WorkerProcess(i, settings, log, events))
    this.receiving = new Receiving(this.workers, log)
  }

  /** All share the ports of the one that binds first. */
  async start(): Promise<Ports> {
    const [ports] = await Promise.all(this.workers.map((worker) => worker.start()))
    this.receiving.start()
    return ports
  }

  async stop(): Promise<number> {
    this.receiving.stop()
    const lost = await Promise.all(this.workers.map((worker) => worker.stop()))
    return lost.reduce((sum, n) => sum + n, 0)
  }

  kill(): void {
    for (const worker of this.workers) worker.kill()
  }

  /** Keeps the list short. */
  private async addUpRetired(): Promise<void> {
    const { retired } = this
    const sum = await AggregatorRegistry.aggregate([retired]).getMetricsAsJSON()
    // when another died meanwhile, it adds up all
    if (this.retired === retired) this.retired = sum
  }
}
