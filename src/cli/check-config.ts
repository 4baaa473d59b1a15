import { brokerProblems } from '../broker/broker-settings.js'
import { describeSettings } from '../config/describe.js'
import { SETTING_KEYS, settingOf } from '../config/schema.js'
import { inspectSettings, type Sources } from '../config/settings.js'
import { EXIT_BAD_SETTINGS, EXIT_OK, type Io } from './io.js'

/** Prints all settings with their sources, and what is wrong with them. */
export function checkConfig(io: Io, sources: Sources): number {
  const { settings, origins, problems, warnings, notices } = inspectSettings(sources)
  const rows = describeSettings(settings, origins).map((s) => [s.name, s.value === '' ? '-' : s.value, s.source])
  printColumns(io, [['SETTING', 'VALUE', 'SOURCE'], ...rows])
  for (const notice of notices) io.stdout.write(`notice: ${notice}\n`)
  for (const warning of warnings) io.stdout.write(`warning: ${warning}\n`)
  if (SETTING_KEYS.some((key) => settingOf(key).section === 'Broker' && origins[key] !== undefined)) {
    // a file may serve the collector and the broker; the collector starts without what only the broker needs
    for (const problem of brokerProblems(settings)) io.stdout.write(`warning: the broker would not start: ${problem}\n`)
  }
  for (const problem of problems) io.stderr.write(`error: ${problem.message}\n`)
  if (problems.length > 0) {
    io.stderr.write('The collector would not start; settings that are wrong are shown above with their default.\n')
    return EXIT_BAD_SETTINGS
  }
  return EXIT_OK
}

/** Widest column that is padded; longer values push the rest of their line. */
const MAX_WIDTH = 40

function printColumns(io: Io, rows: readonly (readonly string[])[]): void {
  const widths = rows[0].map((_, column) => Math.min(MAX_WIDTH, Math.max(...rows.map((row) => row[column].length))))
  for (const row of rows) {
    const cells = row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column])))
    io.stdout.write(`${cells.join('  ')}\n`)
  }
}
