import type { Ports } from '../pipeline.js'
import type { WorkerReport } from './report.js'

// What primary and worker processes say to each other.

/** Environment of a worker process: its number, from 0. */
export const WORKER_NUMBER = 'PINPOINT_WORKER_NUMBER'

export type ToWorker = { say: 'report'; id: number } | { say: 'stop' }

export type FromWorker =
  | { say: 'ready'; ports: Ports }
  | { say: 'failed'; message: string }
  /** every second, so that what dies with a worker is known */
  | { say: 'alive'; messagesInFlight: number }
  | { say: 'report'; id: number; report: WorkerReport }
