import { messageOf } from '../errors.js'
import { createLogger } from '../log.js'
import { openStore } from '../store/open-store.js'
import type { FromWorker, ToWorker } from './cluster-messages.js'
import { Worker } from './worker.js'

// The program of a worker process: started by the primary, with its settings in the first message that it gets.

const ALIVE_INTERVAL_MS = 1_000

let worker: Worker | undefined
let stopping = false

function say(message: FromWorker): void {
  if (process.connected) process.send?.(message)
}

async function start(message: Extract<ToWorker, { say: 'start' }>): Promise<void> {
  const { number, settings } = message
  try {
    const log = createLogger(settings.logLevel)
    worker = new Worker(settings, await openStore(settings, 'write', log), log, number)
    say({ say: 'ready', ports: await worker.start() })
  } catch (error) {
    say({ say: 'failed', message: messageOf(error) })
    return
  }
  setInterval(() => void worker?.totals().then((totals) => say({ say: 'alive', totals })), ALIVE_INTERVAL_MS).unref()
}

/** Writes what is there and ends. */
async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  try {
    const lostMessages = (await worker?.stop()) ?? 0
    if (process.connected) process.send?.({ say: 'stopped', lostMessages } satisfies FromWorker, () => process.exit(0))
    else process.exit(0)
  } catch {
    process.exit(1)
  }
}

// the terminal sends these to every process of the group; the primary tells its workers itself
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
process.on('disconnect', () => void stop())
process.on('message', (message: ToWorker) => {
  if (message.say === 'start') void start(message)
  else if (message.say === 'stop') void stop()
  else void worker?.report().then((report) => say({ say: 'report', id: message.id, report }))
})
say({ say: 'up' })
