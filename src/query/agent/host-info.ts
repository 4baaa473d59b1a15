import { BadRequest } from '../bad-request.js'
import type { Query } from '../context.js'
import { serviceType } from '../service-types.js'
import { agentsOf, allApplications } from './agents.js'

export interface HostInfoJson {
  startIndex: number
  endIndex: number
  totalApplications: number
  applications: {
    applicationName: string
    agents: { agentId: string; serviceType: string; hostName: string; ip: string }[]
  }[]
}

/** Applications by name with the hosts of their agents. @param offset of the first one, counted from 1 */
export async function hostInfo(query: Query, offset: number, limit: number): Promise<HostInfoJson> {
  if (offset <= 0 || limit <= 0) throw new BadRequest('bad_page', 'offset and limit are counted from 1')
  const names = [...new Set((await allApplications(query)).map(({ name }) => name))].sort()
  const page = { startIndex: offset, endIndex: offset, totalApplications: names.length, applications: [] }
  if (offset > names.length) return page
  const endIndex = Math.min(offset - 1 + limit, names.length)
  const applications: HostInfoJson['applications'] = []
  for (const applicationName of names.slice(offset - 1, endIndex)) {
    const agents = await agentsOf(query, applicationName, query.now)
    applications.push({
      applicationName,
      agents: agents.map(({ agentId, typeCode, hostName, ip }) => {
        return { agentId, serviceType: serviceType(typeCode).desc, hostName: hostName ?? '', ip: ip ?? '' }
      }),
    })
  }
  return { ...page, endIndex, applications }
}
