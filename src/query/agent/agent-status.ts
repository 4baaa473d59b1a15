import { firstOf, type Query, TABLE } from '../context.js'
import { type LifecycleState, readLifecycle, statesOfRun, statesUntil } from '../read/agent-lifecycle.js'

const STATES: Record<number, string> = {
  100: 'Running',
  200: 'Shutdown',
  201: 'Unexpected Shutdown',
  300: 'Disconnected',
}
const UNKNOWN_STATE = -1

export const RUNNING = 100

/** The state of an agent at a time. */
export interface AgentStatus {
  agentId: string
  /** ms; 0: never heard of */
  eventTimestamp: number
  /** -1: unknown */
  state: number
}

export interface StateJson {
  code: number
  desc: string
}

export function stateJson(state: number): StateJson {
  const desc = STATES[state]
  return desc === undefined ? { code: UNKNOWN_STATE, desc: 'Unknown' } : { code: state, desc }
}

export interface AgentStatusJson {
  agentId: string
  eventTimestamp: number
  state: StateJson
}

export function statusJson({ agentId, eventTimestamp, state }: AgentStatus): AgentStatusJson {
  return { agentId, eventTimestamp, state: stateJson(state) }
}

/** The state before `time` of the newest run that had begun. */
export function statusAt(query: Query, agentId: string, time: number): Promise<AgentStatus> {
  return lastBefore(query, agentId, statesUntil(agentId, time), time)
}

/** The state before `time` of the run that began at `start`. */
export function statusOfRun(query: Query, agentId: string, start: number, time: number): Promise<AgentStatus> {
  return lastBefore(query, agentId, statesOfRun(agentId, start), time)
}

async function lastBefore(
  query: Query,
  agentId: string,
  range: { start: Buffer; stop: Buffer },
  time: number,
): Promise<AgentStatus> {
  const before = (state: LifecycleState | undefined): LifecycleState | undefined =>
    state !== undefined && state.eventTimestamp < time ? state : undefined
  const found = await firstOf(query, TABLE.agentLifecycle, { ...range, limit: 1 }, (row) => before(readLifecycle(row)))
  return found ?? { agentId, eventTimestamp: 0, state: UNKNOWN_STATE }
}
