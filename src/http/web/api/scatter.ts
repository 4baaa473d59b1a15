import { getJson } from './get-json.js'

/** [ms after `from`, elapsed ms, key of metadata, sequence of the transaction, 1 succeeded or 0 failed, dots of the group] */
export type ScatterDot = [
  offset: number,
  elapsed: number,
  agent: number,
  sequence: number,
  success: number,
  group: number,
]

/** [agent, agent that began the transaction, its start time] */
export type ScatterAgent = [agentId: string, transactionAgentId: string, transactionStart: number]

export interface ScatterPage {
  currentServerTime: number
  from: number
  to: number
  /** accept times of the oldest and the newest dot, absent without dots */
  resultFrom?: number
  resultTo?: number
  /** false: there are older dots than these */
  complete?: boolean
  scatter?: { metadata: Record<string, ScatterAgent>; dotList: ScatterDot[] }
}

export interface ScatterQuery {
  application: string
  from: number
  to: number
  limit: number
  xGroupUnit: number
  yGroupUnit: number
}

export async function getScatterPage(query: ScatterQuery, signal?: AbortSignal): Promise<ScatterPage> {
  return getJson('getScatterData.pinpoint', { ...query, backwardDirection: true }, signal)
}
