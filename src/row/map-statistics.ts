import type { CounterMap } from '../aggregate/counter-map.js'
import { table } from './tables.js'

// The three statistics tables (spec: storage.md §6.3, §6.4). The names are crossed: the Callee table has the caller in
// its row and callees in its columns, the Caller table the other way round.
//   row           => i16 length  name  i16 type  rev(minute slot)
//   callee column => i16 type  pstr name  pstr host  i16 slot  pstr caller agent id
//   caller column => i16 type  i16 slot  i16 length  name  host
//   self column   => i16 slot  agent id

const CALLEE = table('ApplicationMapStatisticsCallee_Ver2')
const CALLER = table('ApplicationMapStatisticsCaller_Ver2')
const SELF = table('ApplicationMapStatisticsSelf_Ver2')

/** A piece of text in a message; one instance is re-used for each role. len < 0: absent. */
export interface Slice {
  at: number
  len: number
}

/** An application or destination with its (resolved) type. */
export interface Node {
  name: Slice
  type: number
}

function beginCounter(counters: CounterMap, t: typeof CALLEE, bytes: Uint8Array, row: Node, slot: number): void {
  counters.begin(t)
  counters.w.p2str(bytes, row.name.at, row.name.len)
  counters.w.i16(row.type)
  counters.w.revTime64(slot)
  counters.endKey()
}

/** +1 for caller → callee in the Callee table. @param histogram slot number  @param slot minute, ms */
export function countCallee(
  counters: CounterMap,
  bytes: Uint8Array,
  caller: Node,
  callee: Node,
  host: Slice,
  histogram: number,
  callerAgent: Slice,
  slot: number,
): void {
  const w = counters.w
  beginCounter(counters, CALLEE, bytes, caller, slot)
  w.i16(callee.type)
  w.pstr(bytes, callee.name.at, callee.name.len)
  w.pstr(bytes, host.at, host.len < 0 ? 0 : host.len)
  w.i16(histogram)
  w.pstr(bytes, callerAgent.at, callerAgent.len)
  counters.add()
}

/** +1 for caller → callee in the Caller table. */
export function countCaller(
  counters: CounterMap,
  bytes: Uint8Array,
  callee: Node,
  caller: Node,
  host: Slice,
  histogram: number,
  slot: number,
): void {
  const w = counters.w
  beginCounter(counters, CALLER, bytes, callee, slot)
  w.i16(caller.type)
  w.i16(histogram)
  w.p2str(bytes, caller.name.at, caller.name.len)
  w.str(bytes, host.at, host.len)
  counters.add()
}

/** +1 for a response of the application's agent in the Self table. */
export function countSelf(
  counters: CounterMap,
  bytes: Uint8Array,
  application: Node,
  agent: Slice,
  histogram: number,
  slot: number,
): void {
  beginCounter(counters, SELF, bytes, application, slot)
  counters.w.i16(histogram)
  counters.w.str(bytes, agent.at, agent.len)
  counters.add()
}
