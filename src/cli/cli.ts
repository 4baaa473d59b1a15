import { Command, CommanderError } from 'commander'
import type { OptionScope } from '../config/setting.js'
import { SettingsError } from '../errors.js'
import { broker } from './broker.js'
import { checkConfig } from './check-config.js'
import { dump } from './dump.js'
import { EXIT_BAD_SETTINGS, EXIT_FAILURE, EXIT_OK, type Io, processIo } from './io.js'
import { networkTest } from './network-test.js'
import { report, runCommand, type Work } from './run-command.js'
import { addSettingOptions, sourcesOf } from './setting-options.js'
import { start } from './start.js'
import { checkTables, createTables, listTables } from './tables.js'
import { packageVersion } from './version.js'
import { web } from './web.js'

/** Commands whose options check-config takes. */
const CHECKED: OptionScope[] = ['start', 'web', 'tables', 'broker']

/** Runs the command line of this process; ends the process when the command failed. */
export async function run(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // a reader that went away (`| head`) is no failure
    if (error.code !== 'EPIPE') process.exitCode = EXIT_FAILURE
  })
  const code = await execute(argv, processIo())
  // a command that failed may have left sockets or timers; one that succeeded ends by itself
  if (code !== EXIT_OK) process.exit(code)
}

/** Runs a command line; resolves with the exit code. */
export async function execute(argv: readonly string[], io: Io): Promise<number> {
  let code = EXIT_OK
  const program = buildProgram(io, (exitCode) => {
    code = exitCode
  })
  try {
    refuseUnknownCommand(program, argv[2])
    await program.parseAsync([...argv])
    return code
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(io, error)
    // --help and --version end here as well
    return error.exitCode === 0 ? EXIT_OK : EXIT_BAD_SETTINGS
  }
}

/** `start` is what runs without a command; a mistyped command must not become its argument. */
function refuseUnknownCommand(program: Command, word: string | undefined): void {
  if (word === undefined || word.startsWith('-') || word === 'help') return
  const names = program.commands.map((command) => command.name())
  if (!names.includes(word)) throw new SettingsError(`there is no command ${word}; there are ${names.join(', ')}`)
}

function buildProgram(io: Io, ended: (code: number) => void): Command {
  const version = packageVersion()
  const program = new Command('pinpoint-collector')
    .description('Trace collector for Pinpoint agents of the Thrift generation (1.5.2 to 1.8.5).')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })

  /** A command with its settings; `work` makes what is done of the command's own arguments and options. */
  const add = (
    to: Command,
    usage: string,
    text: string,
    scopes: OptionScope[],
    work: (command: Command) => Work,
  ): Command => {
    const command = to
      .command(usage, { isDefault: usage === 'start' })
      .description(text)
      .version(version)
    return addSettingOptions(command, scopes).action(async () => {
      ended(await runCommand(io, sourcesOf(command, scopes, io.environment), work(command)))
    })
  }

  add(program, 'start', 'run the collector', ['start'], () => start)

  add(program, 'web', 'serve the read API and the page alone', ['web'], () => web)

  const tables = program.command('tables').description('the 14 tables of the store')
  add(tables, 'create', 'create what is missing; never drops', ['tables'], () => createTables)
  add(tables, 'check', 'compare with the wanted schema', ['tables'], () => checkTables)
  add(tables, 'list', 'print the names of those that are there', [], () => listTables)

  add(program, 'dump [table...]', 'print every cell: table row family qualifier value', [], (command) =>
    dump({ tables: command.args, timestamps: command.getOptionValue('ts') === true }),
  ).option('--ts', 'with the timestamp of the cell before its value')

  add(program, 'broker', 'run the Cloud Foundry service broker', ['broker'], () => broker)

  const check = program.command('check-config').description('print all settings, their sources, and what is wrong')
  addSettingOptions(check.version(version), CHECKED).action(() => {
    ended(checkConfig(io, sourcesOf(check, CHECKED, io.environment)))
  })

  add(program, 'network-test <host>', 'try the three ports of a collector as an agent would', ['ports'], (command) =>
    networkTest(command.args[0]),
  )
  return program
}
