// The acceptance transcript of the service pack's guide, played against a running stack; --help tells how.
import { readFileSync } from 'node:fs'
import { messageOf } from '../../src/errors.js'
import { APPLICATION_STEPS } from './application-steps.js'
import { BROKER_STEPS, CLEAN_UP_STEPS } from './broker-steps.js'
import { DEPLOYMENT_STEPS } from './deployment-steps.js'
import { type AcceptanceOptions, HELP, parseOptions } from './options.js'
import type { Run } from './run.js'
import { playSteps } from './transcript.js'

const STEPS = [...DEPLOYMENT_STEPS, ...BROKER_STEPS, ...APPLICATION_STEPS, ...CLEAN_UP_STEPS]

async function accept(options: AcceptanceOptions): Promise<number> {
  const run: Run = { options, began: Date.now() }
  try {
    const { fail } = await playSteps(STEPS, run, console.log)
    return fail === 0 ? 0 : 1
  } finally {
    await run.application?.stop()
  }
}

function options(): AcceptanceOptions | undefined {
  try {
    const given = parseOptions(process.argv.slice(2), process.env, (path) => readFileSync(path, 'utf8'))
    if (given === undefined) console.log(HELP)
    return given
  } catch (error) {
    console.error(`acceptance: ${messageOf(error)}; see --help`)
    process.exitCode = 2
    return undefined
  }
}

const given = options()
if (given !== undefined) process.exitCode = await accept(given)
