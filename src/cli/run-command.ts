import { type LoadedSettings, loadSettings, type Settings, type Sources } from '../config/settings.js'
import { messageOf, SettingsError } from '../errors.js'
import type { Logger } from '../log.js'
import { EXIT_BAD_SETTINGS, EXIT_FAILURE, type Io } from './io.js'

/** A command's work, once settings are known to be right; resolves with the exit code. */
export type Work = (io: Io, settings: Settings, log: Logger) => Promise<number>

/** Loads settings, tells what is odd about them, and does the work. */
export async function runCommand(io: Io, sources: Sources, work: Work): Promise<number> {
  try {
    const loaded = loadSettings(sources)
    const log = io.logger(loaded.settings)
    tell(loaded, log)
    return await work(io, loaded.settings, log)
  } catch (error) {
    return report(io, error)
  }
}

function tell(loaded: LoadedSettings, log: Logger): void {
  for (const warning of loaded.warnings) log.warn(warning)
  for (const notice of loaded.notices) log.info(notice)
}

/** Prints an error for the operator; the exit code that belongs to it. */
export function report(io: Io, error: unknown): number {
  io.stderr.write(`pinpoint-collector: ${messageOf(error)}\n`)
  return error instanceof SettingsError ? EXIT_BAD_SETTINGS : EXIT_FAILURE
}
