import { catalogProblems, parseCatalog } from './catalog.js'
import { type Answer, jsonOf } from './http.js'
import {
  bindCall,
  type Call,
  catalogCall,
  deprovisionCall,
  lastOperationCall,
  newOrder,
  provisionCall,
  send,
  unbindCall,
} from './platform.js'
import { left, type Run } from './run.js'
import type { Step, Teller } from './transcript.js'
import { credentialProblems, type PinpointCredentials } from './vcap-services.js'

const INSTANCE_NAME = 'PS1'
const PLATFORM = "the platform's own list; the broker is not asked"

/** Steps 6 to 16: the broker, from its catalog to the binding. */
export const BROKER_STEPS: readonly Step<Run>[] = [
  { number: '6', command: 'cf service-brokers', none: PLATFORM },
  { number: '7', command: 'cf create-service-broker pinpoint-service-broker', play: register },
  { number: '8', command: 'cf service-brokers', none: PLATFORM },
  { number: '9', command: 'cf service-access', none: PLATFORM },
  { number: '10', command: 'cf enable-service-access Pinpoint', none: PLATFORM },
  { number: '11', command: 'cf service-access', none: PLATFORM },
  {
    number: '12',
    command: 'cf push -b java_buildpack_pinpoint --no-start',
    none: 'the application is not pushed: it is started in step 17, or runs already',
  },
  { number: '13', command: 'cf marketplace', play: marketplace },
  { number: '14', command: `cf create-service Pinpoint Pinpoint_standard ${INSTANCE_NAME}`, play: createService },
  { number: '15', command: 'cf services', play: services },
  { number: '16', command: `cf bind-service APP ${INSTANCE_NAME} -c '{"application_name":"…"}'`, play: bindService },
]

/** What the guide does not show: the way back. */
export const CLEAN_UP_STEPS: readonly Step<Run>[] = [
  { number: '+1', command: `cf unbind-service APP ${INSTANCE_NAME}`, play: unbindService },
  { number: '+2', command: `cf delete-service ${INSTANCE_NAME}`, play: deleteService },
]

async function register(run: Run, say: Teller): Promise<void> {
  const stranger = await asked(run, say, catalogCall(), 'stranger')
  say.check('401 without a password', stranger.status === 401, String(stranger.status))
  const answer = await asked(run, say, catalogCall())
  say.check('200 with it', answer.status === 200, String(answer.status))
  const entry = parseCatalog(jsonOf(answer))
  say.problems('the catalog is that of the service pack', catalogProblems(entry))
  run.catalog = entry
}

async function marketplace(run: Run, say: Teller): Promise<void> {
  const { service, plan } = left(run, 'catalog', '7')
  const line = `${service.name}  ${plan.name}  ${service.description}`
  say.asked('the catalog of step 7')
  say.came(line)
  say.check('as in the guide', line === 'Pinpoint  Pinpoint_standard  A simple pinpoint implementation')
}

async function createService(run: Run, say: Teller): Promise<void> {
  const { service, plan } = left(run, 'catalog', '7')
  const order = newOrder(service.id, plan.id, INSTANCE_NAME)
  const answer = await asked(run, say, provisionCall(order))
  // noted before it is judged: what the broker may have made is removed again
  run.order = order
  say.check('201', answer.status === 201, String(answer.status))
  const { dashboard_url: dashboard } = jsonOf(answer) as { dashboard_url?: unknown }
  const good = typeof dashboard === 'string' && URL.canParse(dashboard) && new URL(dashboard).hash.startsWith('#/main')
  say.check('dashboard_url leads to #/main', good, String(dashboard))
}

async function services(run: Run, say: Teller): Promise<void> {
  const answer = await asked(run, say, lastOperationCall(left(run, 'order', '14')))
  say.check('200', answer.status === 200, String(answer.status))
  const { state } = jsonOf(answer) as { state?: unknown }
  say.check('create succeeded', state === 'succeeded', String(state))
}

async function bindService(run: Run, say: Teller): Promise<void> {
  const { application, collectorHosts } = run.options
  const answer = await asked(run, say, bindCall(left(run, 'order', '14'), application))
  say.check('201', answer.status === 201, String(answer.status))
  const { credentials } = jsonOf(answer) as { credentials?: unknown }
  const problems = credentialProblems(credentials)
  say.problems('credentials have the exact shape', problems)
  if (problems.length > 0) return
  const sound = credentials as PinpointCredentials
  say.check('application_name is the one asked for', sound.application_name === application, sound.application_name)
  const known = collectorHosts.length === 0 || collectorHosts.includes(sound.collector_host)
  say.check('collector_host is one of the collectors', known, sound.collector_host)
  run.credentials = sound
}

async function unbindService(run: Run, say: Teller): Promise<void> {
  const order = left(run, 'order', '14')
  await gone(run, say, unbindCall(order))
}

async function deleteService(run: Run, say: Teller): Promise<void> {
  const order = left(run, 'order', '14')
  await gone(run, say, deprovisionCall(order))
}

/** The platform repeats a delete whose answer it missed. */
async function gone(run: Run, say: Teller, call: Call): Promise<void> {
  const first = await asked(run, say, call)
  say.check('200', first.status === 200, String(first.status))
  const second = await asked(run, say, call)
  say.check('410 when it is gone', second.status === 410, String(second.status))
}

async function asked(run: Run, say: Teller, call: Call, as: 'platform' | 'stranger' = 'platform'): Promise<Answer> {
  const { broker } = run.options
  say.asked([`${call.method} ${broker.url}${call.path}`, ...(call.body ? [JSON.stringify(call.body)] : [])].join('\n'))
  const answer = await send(broker, call, as)
  say.came(`${answer.status} ${answer.text}`)
  return answer
}
