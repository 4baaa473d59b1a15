import type { Ports } from '../pipeline.js'
import type { WorkerHandle, WorkerTotals } from './report.js'
import type { Worker } from './worker.js'

/** The workers of this collector, in this process or in several. */
export interface Crew {
  readonly workers: readonly WorkerHandle[]
  /** messages that died with worker processes */
  readonly lostMessages: number
  /** messages that dead worker processes left on disk */
  readonly leftMessages: number
  /** counters of worker processes that died */
  readonly retired: WorkerTotals['metrics']
  start(): Promise<Ports>
  /** @returns messages and counts that the store did not take in time */
  stop(): Promise<number>
  /** at once, without writing what is in flight */
  kill(): void
}

/** One worker in this process. */
export function crewOfOne(worker: Worker): Crew {
  return {
    workers: [worker],
    lostMessages: 0,
    leftMessages: 0,
    retired: [],
    start: () => worker.start(),
    stop: () => worker.stop(),
    kill: () => {},
  }
}
