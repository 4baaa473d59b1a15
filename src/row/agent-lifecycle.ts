import type { RowBatch } from './row-batch.js'
import type { RowWriter } from './row-writer.js'
import { table } from './tables.js'
import { NAME_WIDTH } from './transaction-id.js'

// Rows of an agent run's state (spec: storage.md §7.3):
//   AgentLifeCycle row => pad24(agent id)  rev(start)  rev(event id)     event id => socketId:i32 counter:i32
//     S:states         => i32 version=0  pstr agent id  i64 start  i64 event time  i64 event id  i16 state
//   AgentEvent row     => pad24(agent id)  rev(event time)
//     E:<i32 code>     => i32 version=0  pstr agent id  i64 start  i64 event time  pbytes body

const LIFECYCLE = table('AgentLifeCycle')
const EVENT = table('AgentEvent')
const STATES = Buffer.from('states')
const VERSION = 0

/** One agent run. */
export interface AgentRun {
  agentId: Buffer
  startHi: number
  startLo: number
}

/** @param time of the event, ms */
export function appendLifecycle(
  rows: RowBatch,
  run: AgentRun,
  time: number,
  socketId: number,
  counter: number,
  state: number,
): void {
  const w = rows.w
  rows.beginRow(LIFECYCLE)
  w.padStr(run.agentId, 0, run.agentId.length, NAME_WIDTH)
  w.rev64(run.startHi, run.startLo)
  w.rev64(socketId, counter)
  rows.endKey()
  rows.beginCell(0)
  w.raw(STATES, 0, STATES.length)
  rows.beginValue()
  writeRun(w, run, time)
  w.i64(socketId, counter)
  w.i16(state)
  rows.endCell()
  rows.endRow()
}

/** @param body empty for connection events */
export function appendEvent(rows: RowBatch, run: AgentRun, time: number, code: number, body: Uint8Array): void {
  const w = rows.w
  rows.beginRow(EVENT)
  w.padStr(run.agentId, 0, run.agentId.length, NAME_WIDTH)
  w.revTime64(time)
  rows.endKey()
  rows.beginCell(0)
  w.i32(code)
  rows.beginValue()
  writeRun(w, run, time)
  w.pbytes(body, 0, body.length)
  rows.endCell()
  rows.endRow()
}

function writeRun(w: RowWriter, run: AgentRun, time: number): void {
  w.i32(VERSION)
  w.pstr(run.agentId, 0, run.agentId.length)
  w.i64(run.startHi, run.startLo)
  w.time64(time)
}
