import type { StoredRow } from '../../store/store.js'
import { padded, rev64 } from './key.js'
import { RowReader } from './row-reader.js'

// AgentStat (spec: storage.md §7.4):
//   row => salt  pad24(agent id)  rev(time)       one cell a figure: i64, f64, gcT text
//   aH  => i8 version=0  var schema  var count=4  fast normal slow verySlow

/** What was not sent. */
export const NOT_COLLECTED = -1

/** What an agent told of one moment. */
export interface AgentStat {
  /** ms */
  time: number
  /** ms; 0: not told */
  collectInterval: number
  gcType: string | null
  gcOldCount: number
  gcOldTime: number
  heapUsed: number
  heapMax: number
  nonHeapUsed: number
  nonHeapMax: number
  /** share of one: 0 to 1 */
  jvmCpu: number
  systemCpu: number
  sampledNew: number
  sampledContinuation: number
  unsampledNew: number
  unsampledContinuation: number
  /** fast, normal, slow, very slow; null: not told */
  activeTraces: number[] | null
}

const TIME_AT = 1 + 24

export function agentStatKey(agentId: string, time: number): Buffer {
  return Buffer.concat([padded(agentId), rev64(time)])
}

export function readAgentStat(row: StoredRow): AgentStat {
  const cells = new Map(row.cells.map((c) => [c.qualifier.toString('latin1'), c.value]))
  const whole = (name: string): number => {
    const value = cells.get(name)
    return value === undefined ? NOT_COLLECTED : new RowReader(value).i64()
  }
  const share = (name: string): number => cells.get(name)?.readDoubleBE(0) ?? NOT_COLLECTED
  return {
    time: new RowReader(row.key, TIME_AT).rev64(),
    collectInterval: cells.has('int') ? whole('int') : 0,
    gcType: cells.get('gcT')?.toString('utf8') ?? null,
    gcOldCount: whole('gcOldC'),
    gcOldTime: whole('gcOldT'),
    heapUsed: whole('hpU'),
    heapMax: whole('hpM'),
    nonHeapUsed: whole('nHpU'),
    nonHeapMax: whole('nHpM'),
    jvmCpu: share('jvmCpu'),
    systemCpu: share('sysCpu'),
    sampledNew: whole('tSN'),
    sampledContinuation: whole('tSC'),
    unsampledNew: whole('tUnSN'),
    unsampledContinuation: whole('tUnSC'),
    activeTraces: readActiveTraces(cells.get('aH')),
  }
}

const KNOWN_SCHEMAS = new Set([1, 2])
const ACTIVE_TRACE_SLOTS = 4

function readActiveTraces(value: Buffer | undefined): number[] | null {
  if (value === undefined) return null
  const v = new RowReader(value)
  const version = v.i8()
  if (!KNOWN_SCHEMAS.has(v.var32())) return null
  const counts: number[] = []
  if (version === 0) for (let left = v.var32(); left > 0; left--) counts.push(v.var32())
  return counts.length === ACTIVE_TRACE_SLOTS ? counts : new Array<number>(ACTIVE_TRACE_SLOTS).fill(NOT_COLLECTED)
}
