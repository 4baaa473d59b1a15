import { messageOf } from '../errors.js'
import type { FromWorker, ToWorker } from './cluster-messages.js'
import type { Worker } from './worker.js'

const ALIVE_INTERVAL_MS = 1_000

function say(message: FromWorker): void {
  if (process.connected) process.send?.(message)
}

/** Runs a worker in a process that the primary forked, until the primary says stop or is gone. */
export async function runClusterWorker(worker: Worker): Promise<void> {
  // the terminal sends these to every process of the group; the primary tells its workers itself
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    worker.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('disconnect', stop)
  process.on('message', (message: ToWorker) => {
    if (message.say === 'stop') stop()
    else if (message.say === 'report')
      void worker.report().then((report) => say({ say: 'report', id: message.id, report }))
  })
  try {
    say({ say: 'ready', ports: await worker.start() })
  } catch (error) {
    say({ say: 'failed', message: messageOf(error) })
    return
  }
  setInterval(() => say({ say: 'alive', messagesInFlight: worker.messagesInFlight }), ALIVE_INTERVAL_MS).unref()
}
