import { agentIdMap, applications, duplicateAgentIds, inactiveAgents } from '../../query/agent/admin.js'
import { agentEvent, agentEvents } from '../../query/agent/agent-events.js'
import { agentInfo, agentsByApplication, agentsByHost } from '../../query/agent/agent-list.js'
import { agentStatCharts } from '../../query/agent/agent-stat-chart.js'
import { statusAt, statusJson } from '../../query/agent/agent-status.js'
import { hostInfo } from '../../query/agent/host-info.js'
import { BadRequest } from '../../query/bad-request.js'
import type { Query } from '../../query/context.js'
import { rangeOf } from './map-routes.js'
import type { Parameters } from './parameters.js'
import type { AddRoute } from './route.js'

const DEFAULT_HOSTS = 100
const DEFAULT_DAYS = 30

export function addAgentRoutes(add: AddRoute): void {
  add('applications', (query) => applications(query))
  add('getAgentList', agentList)
  add('getAgentInfo', (query, parameters) => agentInfo(query, parameters.text('agentId'), timestampOf(parameters)))
  add('getAgentStatus', async (query, parameters) => {
    return statusJson(await statusAt(query, parameters.text('agentId'), timestampOf(parameters)))
  })
  add('getAgentStat', (query, parameters) => agentStatCharts(query, parameters.text('agentId'), rangeOf(parameters)))
  add('getAgentEvents', (query, parameters) =>
    agentEvents(query, parameters.text('agentId'), rangeOf(parameters), parameters.wholes('exclude')),
  )
  add('getAgentEvent', (query, parameters) =>
    agentEvent(
      query,
      parameters.text('agentId'),
      parameters.whole('eventTimestamp'),
      parameters.whole('eventTypeCode'),
    ),
  )
  add('getApplicationHostInfo', (query, parameters) =>
    hostInfo(query, parameters.whole('offset', 1), parameters.whole('limit', DEFAULT_HOSTS)),
  )
}

/** The routes under /admin that only read, and the refusal of those that delete. */
export function addAdminRoutes(add: AddRoute): void {
  add('admin/agentIdMap', (query) => agentIdMap(query))
  add('admin/duplicateAgentIdMap', (query) => duplicateAgentIds(query))
  add('admin/getInactiveAgents', (query, parameters) =>
    inactiveAgents(query, parameters.text('applicationName'), parameters.whole('durationDays', DEFAULT_DAYS)),
  )
  for (const name of ['removeApplicationName', 'removeAgentId', 'removeInactiveAgents']) {
    add(`admin/${name}`, async () => {
      throw new BadRequest(
        'read_only',
        'this API only reads; what an agent left in the tables goes when its TTL is over',
        501,
      )
    })
  }
}

function timestampOf(parameters: Parameters): number {
  const time = parameters.whole('timestamp')
  if (time >= 0) return time
  throw new BadRequest('bad_timestamp', `the timestamp ${time} is negative`)
}

/** Of one application by host, or of all by application; at a time, or now. */
function agentList(query: Query, parameters: Parameters): Promise<unknown> {
  const application = parameters.optional('application')
  const ranged = parameters.has('from') && parameters.has('to')
  const time = ranged ? rangeOf(parameters).to : parameters.has('timestamp') ? timestampOf(parameters) : query.now
  return application === undefined ? agentsByApplication(query, time) : agentsByHost(query, application, time)
}
