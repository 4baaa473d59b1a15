import { TABLES } from '../row/tables.js'
import type { StoreHealth } from '../store/store.js'
import { EXIT_FAILURE, EXIT_OK, type Io } from './io.js'
import type { Work } from './run-command.js'

/** Creates what is missing, and says what there is afterwards. */
export const createTables: Work = async (io, settings, log) => {
  const store = await io.openStore(settings, 'write', log)
  try {
    await store.ensureTables((step) => io.stdout.write(`${step}\n`))
    const health = await store.health()
    if (!health.ok || (health.tables ?? []).length > 0) return printHealth(io, health)
    return printNames(io, health)
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

/** The names of the tables that are there, as the HBase shell lists them; the exit code is 0 only when all 14 are. */
export const listTables: Work = async (io, settings, log) => {
  const store = await io.openStore(settings, 'read', log)
  try {
    const health = await store.health()
    return health.ok || health.tables !== undefined ? printNames(io, health) : printHealth(io, health)
  } finally {
    await store.close()
  }
}

function printNames(io: Io, health: StoreHealth): number {
  const missing = new Set((health.tables ?? []).filter((t) => t.problem.startsWith('missing')).map((t) => t.name))
  const names = TABLES.map((t) => t.name).filter((name) => !missing.has(name))
  io.stdout.write(`TABLE\n${names.sort().join('\n')}\n${names.length} row(s)\n`)
  return missing.size === 0 ? EXIT_OK : EXIT_FAILURE
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
