import cluster from 'node:cluster'
import { Accounting } from '../accounting.js'
import { messageOf } from '../errors.js'
import { createLogger } from '../log.js'
import { openStore } from '../store/open-store.js'
import { StoreFigures } from '../store/store-figures.js'
import type { FromWorker, ToWorker } from './cluster-messages.js'
import { EventLoopLoad } from './event-loop-load.js'
import type { ReportName } from './report.js'
import { Worker } from './worker.js'

// The program of a worker process: started by the primary, with its settings in the first message that it gets.

const ALIVE_INTERVAL_MS = 1_000

let worker: Worker | undefined
let stopping = false
const load = new EventLoopLoad((load, full) => say({ say: 'load', load, full, datagrams: worker?.datagrams ?? 0 }))

/** Tells the primary; when that is gone there is nobody to tell. */
function say(message: FromWorker, done: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => done())
  else done()
}

async function start(message: Extract<ToWorker, { say: 'start' }>): Promise<void> {
  const { number, settings } = message
  try {
    const log = createLogger(settings.logLevel)
    const accounting = new Accounting()
    const figures = new StoreFigures(accounting)
    const store = await openStore(settings, 'write', log, figures)
    worker = new Worker(settings, store, accounting, figures, log, number)
    const ports = await worker.start()
    worker.receive(false)
    say({ say: 'ready', ports })
  } catch (error) {
    say({ say: 'failed', message: messageOf(error) }, () => process.exit(1))
    return
  }
  setInterval(() => void tellTotals(), ALIVE_INTERVAL_MS).unref()
}

async function tellTotals(): Promise<void> {
  if (worker !== undefined) say({ say: 'alive', totals: await worker.totals() })
}

async function report(id: number, name: ReportName): Promise<void> {
  try {
    if (worker !== undefined) say({ say: 'report', id, report: await worker.report(name) })
  } catch (error) {
    say({ say: 'no report', id, message: messageOf(error) })
  }
}

/** Reads the UDP ports and tells its load, or neither. */
function receive(on: boolean): void {
  worker?.receive(on)
  if (on) load.start()
  else load.stop()
}

/** Writes what is there and ends. */
async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  try {
    const lost = (await worker?.stop()) ?? 0
    say({ say: 'stopped', lost }, () => process.exit(0))
  } catch (error) {
    process.stderr.write(`worker ${process.pid} could not stop in order: ${messageOf(error)}\n`)
    process.exit(1)
  }
}

// the terminal sends these to every process of the group; the primary tells its workers itself
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
cluster.worker?.on('disconnect', () => {
  // else Node ends the process at once when the primary is gone
  if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true
  void stop()
})
process.on('message', (message: ToWorker) => {
  if (message.say === 'start') void start(message)
  else if (message.say === 'receive') receive(message.on)
  else if (message.say === 'stop') void stop()
  else void report(message.id, message.name)
})
say({ say: 'up' })
