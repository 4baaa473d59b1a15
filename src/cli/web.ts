import { EXIT_OK } from './io.js'
import type { Work } from './run-command.js'

/** Runs read API and page; resolves as soon as startWeb does. */
export const web: Work = async (io, settings, log) => {
  await io.startWeb(settings, log)
  return EXIT_OK
}
