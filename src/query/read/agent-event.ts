import type { StoredRow } from '../../store/store.js'
import { padded, rev64 } from './key.js'
import { RowReader } from './row-reader.js'

// AgentEvent (spec: storage.md §7.3):
//   row => pad24(agent id)  rev(event time)
//   E:<i32 code> => i32 version=0  pstr agent id  i64 start  i64 event time  pbytes body

export interface StoredEvent {
  agentId: string
  /** of the agent run, ms */
  startTimestamp: number
  /** ms */
  eventTimestamp: number
  code: number
  body: Buffer
}

export function eventKey(agentId: string, time: number): Buffer {
  return Buffer.concat([padded(agentId), rev64(time)])
}

/** The events of one millisecond; those of an unknown version are left out. */
export function readEvents(row: StoredRow): StoredEvent[] {
  return row.cells.flatMap(({ qualifier, value }) => {
    const v = new RowReader(value)
    if (v.i32() !== 0) return []
    const agentId = v.pstr() ?? ''
    const startTimestamp = v.i64()
    const eventTimestamp = v.i64()
    return [
      { agentId, startTimestamp, eventTimestamp, code: qualifier.readInt32BE(0), body: v.pbytes() ?? Buffer.alloc(0) },
    ]
  })
}
