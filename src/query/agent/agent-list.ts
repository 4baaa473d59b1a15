import type { Query } from '../context.js'
import type { AgentInfo, JvmInfo, ServerMetadata } from '../read/agent-info.js'
import { serviceType } from '../service-types.js'
import { type AgentStatusJson, statusJson, statusOfRun } from './agent-status.js'
import { agentInfoAt, agentsOf, allApplications } from './agents.js'

/** One run of an agent as pages take it. */
export interface AgentInfoJson {
  applicationName: string
  agentId: string
  startTimestamp: number
  hostName: string | null
  ip: string | null
  ports: string | null
  serviceType: string
  pid: number
  vmVersion: string | null
  agentVersion: string | null
  serverMetaData: ServerMetadata | null
  jvmInfo: JvmInfo | null
  status: AgentStatusJson
  initialStartTimestamp: 0
}

async function agentJson(query: Query, agent: AgentInfo, time: number): Promise<AgentInfoJson> {
  const { typeCode, ...rest } = agent
  const status = statusJson(await statusOfRun(query, agent.agentId, agent.startTimestamp, time))
  return { ...rest, serviceType: serviceType(typeCode).desc, status, initialStartTimestamp: 0 }
}

/** The run of an agent that was the newest at `time`; null: none had begun. */
export async function agentInfo(query: Query, agentId: string, time: number): Promise<AgentInfoJson | null> {
  const found = await agentInfoAt(query, agentId, time)
  return found === undefined ? null : agentJson(query, found, time)
}

export type AgentsByName = Record<string, AgentInfoJson[]>

/** The agents of an application by host. */
export async function agentsByHost(query: Query, applicationName: string, time: number): Promise<AgentsByName> {
  return grouped(await shownAgents(query, applicationName, time), (agent) => agent.hostName ?? '')
}

/** The agents of all applications, by the application that they told of last. */
export async function agentsByApplication(query: Query, time: number): Promise<AgentsByName> {
  const agents: AgentInfoJson[] = []
  for (const { name, agents: indexed } of await allApplications(query)) {
    const ofName = await shownAgents(query, name, time)
    // an application with several types is there once for each
    for (let types = new Set(indexed.map((agent) => agent.typeCode)).size; types > 0; types--) agents.push(...ofName)
  }
  return grouped(agents, (agent) => agent.applicationName)
}

async function shownAgents(query: Query, applicationName: string, time: number): Promise<AgentInfoJson[]> {
  const agents = await agentsOf(query, applicationName, time)
  const shown = await Promise.all(agents.map((agent) => agentJson(query, agent, time)))
  return shown.sort((a, b) => (a.agentId < b.agentId ? -1 : 1))
}

/** In the order of names. */
function grouped(agents: readonly AgentInfoJson[], nameOf: (agent: AgentInfoJson) => string): AgentsByName {
  const out: AgentsByName = Object.create(null)
  for (const name of [...new Set(agents.map(nameOf))].sort())
    out[name] = agents.filter((agent) => nameOf(agent) === name)
  return out
}
