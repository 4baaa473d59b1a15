import { EXIT_OK } from './io.js'
import type { Work } from './run-command.js'

/** Runs the service broker; resolves as soon as startBroker does. */
export const broker: Work = async (io, settings, log) => {
  await io.startBroker(settings, log)
  return EXIT_OK
}
