import type { StoredRow } from '../../store/store.js'
import { LAST_TIME, padded, rev64 } from './key.js'
import { RowReader } from './row-reader.js'

// AgentLifeCycle (spec: storage.md §7.3):
//   row => pad24(agent id)  rev(start)  rev(event id)
//   S:states => i32 version=0  pstr agent id  i64 start  i64 event time  i64 event id  i16 state

export interface LifecycleState {
  agentId: string
  /** ms */
  eventTimestamp: number
  state: number
}

interface KeyRange {
  start: Buffer
  stop: Buffer
}

/** Keys of all states of the run that began then, last first. */
export function statesOfRun(agentId: string, startTime: number): KeyRange {
  const agent = padded(agentId)
  return { start: Buffer.concat([agent, rev64(startTime)]), stop: Buffer.concat([agent, rev64(startTime - 1)]) }
}

/** Keys of all states of runs that began at `time` or before. */
export function statesUntil(agentId: string, time: number): KeyRange {
  const agent = padded(agentId)
  return { start: Buffer.concat([agent, rev64(time)]), stop: Buffer.concat([agent, LAST_TIME]) }
}

/** Undefined for a version that is not known. */
export function readLifecycle(row: StoredRow): LifecycleState | undefined {
  const v = new RowReader(row.cells[0].value)
  if (v.i32() !== 0) return undefined
  const agentId = v.pstr() ?? ''
  v.skip(8)
  const eventTimestamp = v.i64()
  v.skip(8)
  return { agentId, eventTimestamp, state: v.i16() }
}
