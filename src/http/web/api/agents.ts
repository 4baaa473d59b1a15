import { getJson } from './get-json.js'

export interface AgentState {
  agentId: string
  eventTimestamp: number
  state: { code: number; desc: string }
}

export interface Agent {
  applicationName: string
  agentId: string
  startTimestamp: number
  hostName: string
  ip: string
  ports: string
  serviceType: string
  pid: number
  vmVersion: string
  agentVersion: string
  serverMetaData?: {
    serverInfo: string
    vmArgs: string[]
    serviceInfos: { serviceName: string; serviceLibs: string[] }[]
  } | null
  jvmInfo?: { jvmVersion: string; gcTypeName: string } | null
  status?: AgentState | null
}

export interface AgentEvent {
  agentId: string
  eventTimestamp: number
  eventTypeCode: number
  eventTypeDesc: string
  hasEventMessage: boolean
  startTimestamp: number
}

export interface StatPoint {
  timestamp: number
  /** negative: nothing was measured */
  minVal: number
  maxVal: number
  avgVal: number
}

export interface AgentStat {
  /** garbage collector */
  type: string | null
  charts: Record<string, { points: StatPoint[] }>
}

export interface AgentStatQuery {
  agentId: string
  from: number
  to: number
  /** of so many points one is shown */
  sampleRate: number
}

/** Agents by application; of one application, as they were at `timestamp`. */
export async function getAgentList(
  query: { application?: string; timestamp?: number },
  signal?: AbortSignal,
): Promise<Record<string, Agent[]>> {
  return getJson('getAgentList.pinpoint', { ...query }, signal)
}

export async function getAgentInfo(agentId: string, timestamp: number, signal?: AbortSignal): Promise<Agent> {
  return getJson('getAgentInfo.pinpoint', { agentId, timestamp }, signal)
}

export async function getAgentStat(query: AgentStatQuery, signal?: AbortSignal): Promise<AgentStat> {
  return getJson('getAgentStat.pinpoint', { ...query }, signal)
}

export async function getAgentEvents(
  agentId: string,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<AgentEvent[]> {
  return getJson('getAgentEvents.pinpoint', { agentId, from, to }, signal)
}
