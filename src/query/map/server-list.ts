import { RUNNING, type StateJson, stateJson, statusAt, statusOfRun } from '../agent/agent-status.js'
import { agentsOf } from '../agent/agents.js'
import type { Application } from '../application.js'
import type { Query } from '../context.js'
import { isWas, serviceType } from '../service-types.js'

/** One process behind a node: an agent, or a database's address. */
export interface ServerInstance {
  hostName: string
  /** agent id or address */
  name: string
  typeCode: number
  /** of AgentLifeCycle; -1: not asked for */
  state: number
}

/** Agents of an application that had responses, or were running at `time`. */
export async function serversOf(
  query: Query,
  application: Application,
  responding: ReadonlySet<string>,
  time: number,
): Promise<ServerInstance[]> {
  if (time < 0) return []
  const agents = await agentsOf(query, application.name, time)
  const instances = await Promise.all(
    agents.map(async ({ agentId, hostName, typeCode }): Promise<ServerInstance[]> => {
      const instance = { hostName: hostName ?? '', name: agentId, typeCode }
      if (responding.has(agentId)) return [{ ...instance, state: -1 }]
      const { state } = await statusAt(query, agentId, time)
      return state === RUNNING ? [{ ...instance, state }] : []
    }),
  )
  return instances.flat()
}

/** Agents of an application that were running at `time`. */
export async function runningServers(query: Query, application: Application, time: number): Promise<ServerInstance[]> {
  const agents = await agentsOf(query, application.name, time)
  const instances = await Promise.all(
    agents.map(async ({ agentId, hostName, typeCode, startTimestamp }): Promise<ServerInstance> => {
      const { state } = await statusOfRun(query, agentId, startTimestamp, time)
      return { hostName: hostName ?? '', name: agentId, typeCode, state }
    }),
  )
  return instances.filter(({ state }) => state === RUNNING)
}

/** An address that was called, as a server. */
export function calledServer(address: string, typeCode: number): ServerInstance {
  const colon = address.indexOf(':')
  return { hostName: colon > 0 ? address.slice(0, colon) : address, name: address, typeCode, state: -1 }
}

export interface InstanceJson {
  hasInspector: boolean
  name: string
  serviceType: string
  status: StateJson
}

export type ServerListJson = Record<string, { name: string; status: null; instanceList: Record<string, InstanceJson> }>

/** Servers by host. */
export function serverListJson(servers: readonly ServerInstance[]): ServerListJson {
  // agents name hosts: none may be a property that every object has
  const out: ServerListJson = Object.create(null)
  const sorted = [...servers].sort((a, b) => (a.hostName < b.hostName ? -1 : a.hostName > b.hostName ? 1 : 0))
  for (const { hostName, name, typeCode, state } of sorted) {
    out[hostName] ??= { name: hostName, status: null, instanceList: Object.create(null) }
    const type = serviceType(typeCode)
    out[hostName].instanceList[name] ??= {
      hasInspector: isWas(type),
      name,
      serviceType: type.name,
      status: stateJson(state),
    }
  }
  return out
}
