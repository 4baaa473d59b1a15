import { EXIT_OK } from './io.js'
import type { Work } from './run-command.js'

/** Runs the collector; resolves as soon as startCollector does. */
export const start: Work = async (io, settings, log) => {
  await io.startCollector(settings, log)
  return EXIT_OK
}
