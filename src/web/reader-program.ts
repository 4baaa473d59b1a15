import Fastify from 'fastify'
import type { Settings } from '../config/settings.js'
import { messageOf } from '../errors.js'
import { addApi } from '../http/api/api.js'
import { answerErrorsAsJson } from '../http/errors.js'
import { createLogger } from '../log.js'
import { openStore } from '../store/open-store.js'
import { apiOptions } from './api-options.js'

// The program of the process that answers the read API for a collector: its settings come in the first message, and it
// ends with the process that started it.

/** To the process that reads. */
export interface ReaderStart {
  settings: Settings
  /** where to listen: only this user can connect */
  socketPath: string
}

/** From it: null when it listens, else why it cannot. */
export type ReaderReady = { failed: string | null }

/** Queries wait for receivers, not the other way round. */
const NICE = 5

async function start({ settings, socketPath }: ReaderStart): Promise<void> {
  const log = createLogger(settings.logLevel)
  const store = await openStore(settings, 'read', log)
  const server = Fastify({ logger: false })
  answerErrorsAsJson(server, log)
  addApi(server, apiOptions(settings, store))
  await server.listen({ path: socketPath })
}

process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
process.on('disconnect', () => process.exit(0))
process.once('message', (message: ReaderStart) => {
  start(message).then(
    () => process.send?.({ failed: null } satisfies ReaderReady),
    (error: unknown) => process.send?.({ failed: messageOf(error) } satisfies ReaderReady, () => process.exit(1)),
  )
})
try {
  const { setPriority } = await import('node:os')
  setPriority(NICE)
} catch {
  // a container may forbid it
}
