import { firstOf, type Query, rowOf, rowsOf, TABLE } from '../context.js'
import { type AgentInfo, agentRunsUntil, readAgentInfo } from '../read/agent-info.js'
import { type IndexedApplication, readApplicationIndex } from '../read/application-index.js'
import { serviceType } from '../service-types.js'
import type { AgentStatus } from './agent-status.js'

const NOTHING = new Uint8Array(0)
/** Behind every application name. */
const LAST_NAME = Buffer.alloc(32, 0xff)

/** Everything in the index, by name. */
export async function allApplications(query: Query): Promise<IndexedApplication[]> {
  const all: IndexedApplication[] = []
  for await (const row of rowsOf(query, TABLE.applicationIndex, { start: NOTHING, stop: LAST_NAME }))
    all.push(readApplicationIndex(row))
  return all
}

/** Ids of the agents that ever were of an application. */
export async function agentIdsOf(query: Query, applicationName: string): Promise<string[]> {
  if (applicationName === '') return []
  const row = await rowOf(query, TABLE.applicationIndex, Buffer.from(applicationName))
  return row === undefined ? [] : readApplicationIndex(row).agents.map((agent) => agent.agentId)
}

/** The run of an agent that was the newest at `time`. */
export function agentInfoAt(query: Query, agentId: string, time: number): Promise<AgentInfo | undefined> {
  return firstOf(query, TABLE.agentInfo, { ...agentRunsUntil(agentId, time), limit: 1 }, readAgentInfo)
}

/** The same of all agents of an application; those that had not begun are left out. */
export async function agentsOf(query: Query, applicationName: string, time: number): Promise<AgentInfo[]> {
  const ids = await agentIdsOf(query, applicationName)
  const infos = await Promise.all(ids.map((id) => agentInfoAt(query, id, time)))
  return infos.filter((info) => info !== undefined)
}

export interface ShownAgent extends AgentInfo {
  status: AgentStatus | null
}

export function typeNameOf({ typeCode }: AgentInfo): string {
  return serviceType(typeCode).desc
}
