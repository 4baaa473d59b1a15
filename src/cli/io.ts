import type { Writable } from 'node:stream'
import type { Environment } from '../config/environment.js'
import type { Settings } from '../config/schema.js'
import { createLogger, type Logger } from '../log.js'
import type { Store } from '../store/store.js'

export const EXIT_OK = 0
export const EXIT_FAILURE = 1
export const EXIT_BAD_SETTINGS = 2

/** What commands touch outside themselves: replaced in tests. */
export interface Io {
  stdout: Writable
  stderr: Writable
  environment: Environment
  logger(settings: Settings): Logger
  openStore(settings: Settings, mode: 'read' | 'write', log: Logger): Promise<Store>
  startCollector(settings: Settings, log: Logger): Promise<void>
  startBroker(settings: Settings, log: Logger): Promise<void>
  startWeb(settings: Settings, log: Logger): Promise<void>
}

/** The real thing; the store and the collector are loaded only by the commands that need them. */
export function processIo(): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    logger: (settings) => createLogger(settings.logLevel),
    openStore: async (settings, mode, log) => (await import('../store/open-store.js')).openStore(settings, mode, log),
    startBroker: async (settings, log) => (await import('../broker/start-broker.js')).startBroker(settings, log),
    startWeb: async (settings, log) => (await import('../web/web.js')).startWeb(settings, log),
    startCollector: async (settings, log) => (await import('../main.js')).startCollector(settings, log),
  }
}
