import { TABLES } from '../row/tables.js'
import type { StoreHealth } from '../store/store.js'
import { EXIT_FAILURE, EXIT_OK, type Io } from './io.js'
import type { Work } from './run-command.js'

/** Creates what is missing, and says what there is afterwards. */
export const createTables: Work = async (io, settings, log) => {
  const store = await io.openStore(settings, 'write', log)
  try {
    await store.ensureTables((step) => io.stdout.write(`${step}\n`))
    return printHealth(io, await store.health())
  } finally {
    await store.close()
  }
}

/** Compares the tables with the wanted schema. */
export const checkTables: Work = async (io, settings, log) => {
  const store = await io.openStore(settings, 'read', log)
  try {
    return printHealth(io, await store.health())
  } finally {
    await store.close()
  }
}

/** The names of the 14 tables; no store is asked. */
export const listTables: Work = async (io) => {
  for (const { name } of TABLES) io.stdout.write(`${name}\n`)
  return EXIT_OK
}

/** A line for each table; the exit code is 0 only when all are right. */
function printHealth(io: Io, health: StoreHealth): number {
  const problems = new Map((health.tables ?? []).map((t) => [t.name, t.problem]))
  if (!health.ok && problems.size === 0) {
    io.stderr.write(`pinpoint-collector: ${health.reason ?? 'the store does not answer; see its log'}\n`)
    return EXIT_FAILURE
  }
  const width = Math.max(...TABLES.map((t) => t.name.length))
  for (const { name } of TABLES) io.stdout.write(`${name.padEnd(width)}  ${problems.get(name) ?? 'ok'}\n`)
  if (problems.size === 0) return EXIT_OK
  io.stderr.write(
    `pinpoint-collector: ${problems.size} of ${TABLES.length} tables are not right; ` +
      'run "pinpoint-collector tables create" for those that are missing, and change the others in the store\n',
  )
  return EXIT_FAILURE
}
