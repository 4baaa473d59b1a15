import { runCommand } from './commands.js'
import { ask, basic } from './http.js'
import type { Run } from './run.js'
import { parseTableList, tableListProblems } from './table-list.js'
import type { Step, Teller } from './transcript.js'

const COMMAND_LIMIT_MS = 120_000

/** The tables of the guide's list, in its order. */
export const TABLE_NAMES = [
  'AgentEvent',
  'AgentInfo',
  'AgentLifeCycle',
  'AgentStat',
  'ApiMetaData',
  'ApplicationIndex',
  'ApplicationMapStatisticsCallee_Ver2',
  'ApplicationMapStatisticsCaller_Ver2',
  'ApplicationMapStatisticsSelf_Ver2',
  'ApplicationTraceIndex',
  'HostApplicationMap_Ver2',
  'SqlMetaData_Ver2',
  'StringMetaData',
  'Traces',
] as const

/** Steps 1 to 5: what is deployed, and its tables. */
export const DEPLOYMENT_STEPS: readonly Step<Run>[] = [
  { number: '1', command: 'bosh upload release', none: 'images are built, not uploaded' },
  { number: '2', command: 'bosh releases, status, stemcells', none: 'there is no BOSH director' },
  { number: '3', command: 'bosh deploy', none: 'the stack runs already' },
  { number: '4', command: 'bosh vms', play: processes },
  { number: '5', command: 'bosh run errand h_master_register', play: tables },
]

async function processes({ options }: Run, say: Teller): Promise<void> {
  const page = options.webPassword === undefined ? {} : basic('acceptance', options.webPassword)
  for (const url of options.collectors) {
    say.asked(`GET ${url}/health/ready`)
    const { status, text } = await ask(`${url}/health/ready`)
    say.check('collector ready', status === 200, status === 200 ? undefined : `${status} ${text.slice(0, 300)}`)
  }
  say.asked(`GET ${options.web}/`)
  const web = await ask(`${options.web}/`, { headers: page })
  say.check('page answers', web.status === 200, String(web.status))
  say.asked(`GET ${options.broker.url}/v2/catalog, without a password`)
  const broker = await ask(`${options.broker.url}/v2/catalog`)
  say.check('broker answers', broker.status === 401, String(broker.status))
}

/** Twice what the guide's job does once: it must be repeatable. */
async function tables({ options }: Run, say: Teller): Promise<void> {
  for (const command of ['tables create', 'tables list']) {
    say.asked(`${options.cli} ${command}`)
    const { code, output } = await runCommand(`${options.cli} ${command}`, COMMAND_LIMIT_MS)
    say.came(output)
    say.check('exit code 0', code === 0, String(code))
    say.problems('the list of the 14 tables', tableListProblems(parseTableList(output), TABLE_NAMES))
  }
}
