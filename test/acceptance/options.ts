import { parseArgs } from 'node:util'
import type { BrokerAddress } from './platform.js'

export interface AcceptanceOptions {
  /** HTTP of each collector */
  collectors: string[]
  /** what the broker may answer as collector_host; empty: any */
  collectorHosts: string[]
  /** the page, as its users reach it: through the proxy */
  web: string
  webPassword: string | undefined
  broker: BrokerAddress
  /** command line of pinpoint-collector with access to the store */
  cli: string
  application: string
  /** the running application, or the one that startApp starts */
  appUrl: string
  startApp: string | undefined
  stopApp: string | undefined
  /** folder of an agent */
  agent: string | undefined
  browser: string | undefined
  requests: number
  waitMs: number
}

export const HELP = `Plays the acceptance of the service pack's guide against a running stack: tables, broker, binding, agent, page.

  node dist/test/acceptance/acceptance.js --web URL --broker URL --broker-password-file FILE --collector URL … --app-url URL

  --collector URL              HTTP of a collector (/health/ready); once for each
  --collector-host NAME        what the broker may name as a collector; once for each (any)
  --web URL                    the page as its users reach it, so through the proxy
  --web-password-file FILE     password of the page, when it has one
  --broker URL                 service broker
  --broker-user NAME           its user (admin)
  --broker-password-file FILE  its password; or BROKER_PASSWORD in the environment
  --cli COMMAND                pinpoint-collector with access to the store (bin/pinpoint-collector), for example
                               "docker compose run --rm -T tables", or "bin/pinpoint-collector" with PINPOINT_HBASE_QUORUM set
  --application NAME           application_name of the binding, and name on the page (spring-music)
  --app-url URL                a page of the application that is traced
  --start-app COMMAND          starts the application with the agent that the binding asks for. It is told VCAP_SERVICES,
                               PINPOINT_AGENT_ID, PINPOINT_APPLICATION_NAME, PINPOINT_COLLECTOR_HOST, …_TCP_PORT, …_STAT_PORT,
                               …_SPAN_PORT, and with --agent JAVA_OPTS: "java $JAVA_OPTS -jar shop.jar". It may stay in the
                               foreground, or end with 0. Without it the application runs already, under the name above
  --stop-app COMMAND           ends what --start-app left behind
  --agent DIR                  an agent as it is shipped; a copy gets the lines of the binding
  --browser COMMAND            a Chromium, to see the page as it is drawn
  --requests N                 requests to the application (20)
  --wait SECONDS               until it is on the page (180)

Prints each step with what was asked and what came. Ends with 0 when all passed, 1 when one failed, 2 when an option is wrong.
An instance and a binding are made on the broker and removed again; nothing else is changed.
`

const OPTIONS = {
  collector: { type: 'string', multiple: true },
  'collector-host': { type: 'string', multiple: true },
  web: { type: 'string' },
  'web-password-file': { type: 'string' },
  broker: { type: 'string' },
  'broker-user': { type: 'string' },
  'broker-password-file': { type: 'string' },
  cli: { type: 'string' },
  application: { type: 'string' },
  'app-url': { type: 'string' },
  'start-app': { type: 'string' },
  'stop-app': { type: 'string' },
  agent: { type: 'string' },
  browser: { type: 'string' },
  requests: { type: 'string' },
  wait: { type: 'string' },
  help: { type: 'boolean' },
} as const

/** Reads the command line; undefined when only help is asked for. Throws when an option is wrong. */
export function parseOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): AcceptanceOptions | undefined {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  if (values.help) return undefined
  const secret = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : readFile(path).trim()
  const password = secret(values['broker-password-file']) ?? environment.BROKER_PASSWORD
  if (password === undefined || password === '') throw new Error('give --broker-password-file, or BROKER_PASSWORD')
  if (values.collector === undefined) throw new Error('give --collector, once for each collector')
  if (values.agent !== undefined && values['start-app'] === undefined)
    throw new Error('--agent is for the application of --start-app: give both')
  return {
    collectors: values.collector.map((url) => address('--collector', url)),
    collectorHosts: values['collector-host'] ?? [],
    web: address('--web', values.web),
    webPassword: secret(values['web-password-file']),
    broker: { url: address('--broker', values.broker), user: values['broker-user'] ?? 'admin', password },
    cli: values.cli ?? 'bin/pinpoint-collector',
    application: values.application ?? 'spring-music',
    appUrl: address('--app-url', values['app-url']),
    startApp: values['start-app'],
    stopApp: values['stop-app'],
    agent: values.agent,
    browser: values.browser,
    requests: positive('--requests', values.requests ?? '20'),
    waitMs: positive('--wait', values.wait ?? '180') * 1000,
  }
}

/** An HTTP address without a slash at its end. */
function address(option: string, value: string | undefined): string {
  if (value === undefined) throw new Error(`give ${option}`)
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) throw new Error(`${option} ${value} is no http:// address`)
  return value.replace(/\/+$/, '')
}

function positive(option: string, value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1) throw new Error(`${option} ${value} is no whole number from 1`)
  return number
}
