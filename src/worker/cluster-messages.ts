import type { Settings } from '../config/settings.js'
import type { Ports } from '../pipeline.js'
import type { ReportName, WorkerReports, WorkerTotals } from './report.js'

// What primary and worker processes say to each other.

export type ToWorker =
  /** answer to `up`; `number` counts from 0 */
  | { say: 'start'; number: number; settings: Settings }
  | { say: 'report'; id: number; name: ReportName }
  /** reads the UDP ports, or leaves them to others; on standby after the start */
  | { say: 'receive'; on: boolean }
  | { say: 'stop' }

export type FromWorker =
  /** the program is loaded */
  | { say: 'up' }
  | { say: 'ready'; ports: Ports }
  | { say: 'failed'; message: string }
  /** every second, so that what dies with a worker is known */
  | { say: 'alive'; totals: WorkerTotals }
  /** of its event loop, 0 to 1, every LOAD_INTERVAL_MS while it reads the UDP ports, or at once when it is full; and the datagrams it has taken */
  | { say: 'load'; load: number; full: boolean; datagrams: number }
  /** messages and counts that the store did not take in time */
  | { say: 'stopped'; lost: number }
  | { say: 'report'; id: number; report: WorkerReports[ReportName] }
  | { say: 'no report'; id: number; message: string }
