import { setTimeout as pause } from 'node:timers/promises'
import { drive, type Staged, stage, startApplication } from './application.js'
import { runCommand } from './commands.js'
import { ask, basic, jsonOf } from './http.js'
import { listsApplication, mapAddress, nodeCount, pageAddress } from './page.js'
import { left, type Run } from './run.js'
import type { Step, Teller } from './transcript.js'
import { type PinpointCredentials, type VcapServices, vcapServices } from './vcap-services.js'

const NETWORK_TEST_LIMIT_MS = 60_000
const BROWSER_LIMIT_MS = 60_000
const POLL_MS = 1_000

/** Steps 17 to 19: the application with its agent, its environment, its page. */
export const APPLICATION_STEPS: readonly Step<Run>[] = [
  { number: '17', command: 'cf restage APP', play: restage },
  { number: '18', command: 'cf env APP', play: environment },
  { number: '19', command: 'curl http://…/#/main/APP@TOMCAT', play: page },
]

async function environment(run: Run, say: Teller): Promise<void> {
  const credentials = left(run, 'credentials', '16')
  say.came(JSON.stringify({ VCAP_SERVICES: servicesOf(run) }, null, 1))
  const test = networkTest(run.options.cli, credentials)
  say.asked(test)
  const { code, output } = await runCommand(test, NETWORK_TEST_LIMIT_MS)
  say.came(output)
  say.check('the three ports of the binding answer', code === 0, `exit code ${code}`)
}

/** The platform makes it of the catalog, the instance and the answer to the binding. */
function servicesOf(run: Run): VcapServices {
  const { service, plan } = left(run, 'catalog', '7')
  const credentials = left(run, 'credentials', '16')
  return vcapServices(service, plan.name, left(run, 'order', '14').instanceName, credentials)
}

function networkTest(cli: string, credentials: PinpointCredentials): string {
  const {
    collector_host: host,
    collector_tcp_port: tcp,
    collector_stat_port: stat,
    collector_span_port: span,
  } = credentials
  return `${cli} network-test ${quoted(host)} --tcp-port ${tcp} --stat-port ${stat} --span-port ${span}`
}

/** A word for the shell: what a broker answers is never run. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

async function restage(run: Run, say: Teller): Promise<void> {
  const { appUrl, startApp, requests } = run.options
  const staged = stage(servicesOf(run), run.options.agent)
  say.came(staged.told)
  if (startApp === undefined) say.came('the application was started by others, with an agent of its own')
  else await startWith(run, say, staged)
  say.asked(`GET ${appUrl}, ${requests} times`)
  const statuses = await drive(appUrl, requests)
  const found = [...statuses].map(([status, times]) => `${times} × ${status}`).join(', ')
  say.check(
    '1 of 1 instances running',
    [...statuses.keys()].every((status) => status < 500),
    found,
  )
}

async function startWith(run: Run, say: Teller, staged: Staged): Promise<void> {
  const { startApp, stopApp, appUrl, waitMs } = run.options
  say.asked(startApp!)
  run.application = await startApplication(startApp!, stopApp, appUrl, staged, waitMs)
}

async function page(run: Run, say: Teller): Promise<void> {
  const { web, webPassword, application, waitMs } = run.options
  const headers = webPassword === undefined ? {} : basic('acceptance', webPassword)
  const address = pageAddress(web, application)
  say.asked(address)
  const html = await ask(`${web}/`, { headers })
  say.check(
    'the page comes',
    html.status === 200 && /<html/i.test(html.text),
    `${html.status}, ${html.text.length} characters`,
  )

  const limit = Date.now() + waitMs
  const listed = `${web}/applications.pinpoint`
  say.asked(listed)
  const applications = await until(limit, listed, headers, (body) => listsApplication(body, application))
  say.check(`${application} is listed as a Tomcat`, applications.done, applications.last)

  say.asked(mapAddress(web, application, run.began))
  const map = await until(
    limit,
    () => mapAddress(web, application, run.began),
    headers,
    (body) => {
      return (nodeCount(body, application) ?? 0) > 0
    },
  )
  say.check('its node of the server map counts requests', map.done, map.last)
  if (run.options.browser !== undefined) await draw(run.options.browser, address, application, say)
}

/** Asks once a second until the answer is as wanted, or the time is over. */
async function until(
  limit: number,
  url: string | (() => string),
  headers: Record<string, string>,
  wanted: (body: unknown) => boolean,
): Promise<{ done: boolean; last: string }> {
  const began = Date.now()
  for (;;) {
    const answer = await ask(typeof url === 'string' ? url : url(), { headers })
    if (answer.status === 200 && wanted(jsonOf(answer)))
      return { done: true, last: `after ${((Date.now() - began) / 1000).toFixed(1)} s` }
    if (Date.now() > limit) return { done: false, last: `${answer.status} ${answer.text.slice(0, 300)}` }
    await pause(POLL_MS)
  }
}

/** The page as a browser draws it: its text names the application. */
async function draw(browser: string, address: string, application: string, say: Teller): Promise<void> {
  const sandbox = process.getuid?.() === 0 ? '--no-sandbox ' : ''
  const command = `${browser} --headless --disable-gpu ${sandbox}--virtual-time-budget=10000 --dump-dom ${quoted(address)}`
  say.asked(command)
  const { code, output } = await runCommand(command, BROWSER_LIMIT_MS)
  const body = output.replace(/<(script|style)[\s\S]*?<\/\1>/gi, '').replace(/<[^>]*>/g, ' ')
  say.check('the drawn page names the application', code === 0 && body.includes(application), `exit code ${code}`)
}
