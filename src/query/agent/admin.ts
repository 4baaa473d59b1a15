import { BadRequest } from '../bad-request.js'
import { firstOf, type Query, TABLE } from '../context.js'
import { agentStatKey } from '../read/agent-stat.js'
import { serviceType } from '../service-types.js'
import { agentIdsOf, allApplications } from './agents.js'

const MIN_DAYS = 30
const DAY_MS = 86_400_000

export interface ApplicationJson {
  applicationName: string
  serviceType: string
  code: number
}

export type ApplicationsByAgent = Record<string, ApplicationJson[]>

/** Each application once for each type that its agents told. */
export async function applications(query: Query): Promise<ApplicationJson[]> {
  const all = await allApplications(query)
  return all.flatMap(({ name, agents }) =>
    applicationJson(
      name,
      agents.map((agent) => agent.typeCode),
    ),
  )
}

function applicationJson(applicationName: string, typeCodes: readonly number[]): ApplicationJson[] {
  return [...new Set(typeCodes)].map((typeCode) => {
    const { desc, code } = serviceType(typeCode)
    return { applicationName, serviceType: desc, code }
  })
}

/** Applications by agent id, in the order of ids. */
export async function agentIdMap(query: Query): Promise<ApplicationsByAgent> {
  const byAgent = new Map<string, ApplicationJson[]>()
  for (const { name, agents } of await allApplications(query)) {
    for (const application of applicationJson(
      name,
      agents.map((agent) => agent.typeCode),
    )) {
      for (const { agentId } of agents) byAgent.set(agentId, [...(byAgent.get(agentId) ?? []), application])
    }
  }
  return Object.fromEntries([...byAgent].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Agent ids that more than one application has. */
export async function duplicateAgentIds(query: Query): Promise<ApplicationsByAgent> {
  const all = Object.entries(await agentIdMap(query))
  return Object.fromEntries(all.filter(([, applications]) => applications.length > 1))
}

/** Agents of an application that sent no statistics for so many days. */
export async function inactiveAgents(
  query: Query,
  applicationName: string,
  days: number,
): Promise<ApplicationsByAgent> {
  if (days < MIN_DAYS) throw new BadRequest('too_few_days', `durationDays is ${days}; ${MIN_DAYS} is the least`)
  const all = await agentIdMap(query)
  const inactive: ApplicationsByAgent = Object.create(null)
  const since = query.now - days * DAY_MS
  for (const agentId of (await agentIdsOf(query, applicationName)).sort()) {
    const range = { start: agentStatKey(agentId, query.now), stop: agentStatKey(agentId, since), limit: 1 }
    const active = await firstOf(query, TABLE.agentStat, range, () => true)
    if (active === undefined) inactive[agentId] = all[agentId] ?? []
  }
  return inactive
}
