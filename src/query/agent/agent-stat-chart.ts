import { checkRange, type Query, rowsOf, TABLE } from '../context.js'
import { type AgentStat, agentStatKey, NOT_COLLECTED, readAgentStat } from '../read/agent-stat.js'
import { slotsOf, type TimeRange, type TimeWindow, timeWindow } from '../time-range.js'

/** Agents tell every 5 s; charts have about 200 points. */
const LEAST_SLOT_MS = 5_000
const IDEAL_SLOTS = 200

export interface ChartPoint {
  /** start of the slot, ms */
  timestamp: number
  /** -1: nothing was told */
  minVal: number
  maxVal: number
  avgVal: number
}

export interface AgentStatJson {
  /** of the garbage collector */
  type: string | null
  charts: Record<string, { points: ChartPoint[] }>
}

/** A figure of one moment; undefined: it has none. */
type Figure = (stat: AgentStat) => number | undefined

const whole = (pick: (stat: AgentStat) => number): [Figure, Rounding] => [pick, 'whole']
const percent = (pick: (stat: AgentStat) => number): [Figure, Rounding] => [(stat) => pick(stat) * 100, 'tenth']
const rate = (pick: (stat: AgentStat) => number): [Figure, Rounding] => [(stat) => perSecond(stat, pick(stat)), 'tenth']
const active = (slot: number): [Figure, Rounding] => [(stat) => stat.activeTraces?.[slot], 'whole']
const RATES: readonly ((stat: AgentStat) => number)[] = [
  (s) => s.sampledNew,
  (s) => s.sampledContinuation,
  (s) => s.unsampledNew,
  (s) => s.unsampledContinuation,
]

type Rounding = 'whole' | 'tenth'

const CHARTS: Record<string, [Figure, Rounding]> = {
  JVM_MEMORY_HEAP_USED: whole((s) => s.heapUsed),
  JVM_MEMORY_HEAP_MAX: whole((s) => s.heapMax),
  JVM_MEMORY_NON_HEAP_USED: whole((s) => s.nonHeapUsed),
  JVM_MEMORY_NON_HEAP_MAX: whole((s) => s.nonHeapMax),
  JVM_GC_OLD_COUNT: whole((s) => s.gcOldCount),
  JVM_GC_OLD_TIME: whole((s) => s.gcOldTime),
  CPU_LOAD_JVM: percent((s) => s.jvmCpu),
  CPU_LOAD_SYSTEM: percent((s) => s.systemCpu),
  TPS_SAMPLED_NEW: rate(RATES[0]),
  TPS_SAMPLED_CONTINUATION: rate(RATES[1]),
  TPS_UNSAMPLED_NEW: rate(RATES[2]),
  TPS_UNSAMPLED_CONTINUATION: rate(RATES[3]),
  TPS_TOTAL: [totalRate, 'tenth'],
  ACTIVE_TRACE_FAST: active(0),
  ACTIVE_TRACE_NORMAL: active(1),
  ACTIVE_TRACE_SLOW: active(2),
  ACTIVE_TRACE_VERY_SLOW: active(3),
}

/** What an agent told of itself, in slots. */
export async function agentStatCharts(query: Query, agentId: string, range: TimeRange): Promise<AgentStatJson> {
  checkRange(query, range)
  const window = timeWindow(range, slotWidth(range.to - range.from))
  const keys = { start: agentStatKey(agentId, window.last + window.slot), stop: agentStatKey(agentId, window.first) }
  const stats: AgentStat[] = []
  for await (const row of rowsOf(query, TABLE.agentStat, keys)) stats.push(readAgentStat(row))
  const charts: AgentStatJson['charts'] = {}
  for (const [name, [figure, rounding]] of Object.entries(CHARTS)) {
    charts[name] = { points: pointsOf(window, stats, figure, rounding) }
  }
  return { type: stats.at(-1)?.gcType ?? null, charts }
}

/** A multiple of 5 s that makes about 200 slots: of the two nearest the one that is relatively closer. */
function slotWidth(length: number): number {
  const ideal = Math.trunc(length / IDEAL_SLOTS)
  if (ideal < LEAST_SLOT_MS) return LEAST_SLOT_MS
  if (ideal % LEAST_SLOT_MS === 0) return ideal
  const nearest = Math.floor((ideal + LEAST_SLOT_MS / 2) / LEAST_SLOT_MS) * LEAST_SLOT_MS
  const exact = length / IDEAL_SLOTS
  const other = nearest < exact ? nearest + LEAST_SLOT_MS : nearest - LEAST_SLOT_MS
  const distance = (width: number): number => Math.abs(width - exact) / (width / LEAST_SLOT_MS)
  return distance(nearest) < distance(other) ? nearest : other
}

function pointsOf(window: TimeWindow, stats: readonly AgentStat[], figure: Figure, rounding: Rounding): ChartPoint[] {
  const slots = slotsOf(window)
  const figures: number[][] = slots.map(() => [])
  for (const stat of stats) {
    const value = figure(stat)
    // agents without an interval tell no rates: NaN
    if (value === undefined || Number.isNaN(value)) continue
    figures[Math.trunc((stat.time - window.first) / window.slot)]?.push(value)
  }
  const round = rounding === 'whole' ? Math.round : tenth
  return slots.map((timestamp, i) => {
    const values = figures[i]
    if (values.length === 0) return { timestamp, minVal: NOT_COLLECTED, maxVal: NOT_COLLECTED, avgVal: NOT_COLLECTED }
    const least = values.reduce((a, b) => Math.min(a, b))
    const most = values.reduce((a, b) => Math.max(a, b))
    const [minVal, maxVal, avgVal] = [least, most, averageOf(values)].map(round)
    return { timestamp, minVal, maxVal, avgVal }
  })
}

function averageOf(values: readonly number[]): number {
  let average = 0
  for (const [i, value] of values.entries()) average += (value - average) / (i + 1)
  return average
}

/** So many tell the double next to a half from the half. */
const EXACT_DIGITS = 30
/** From here on doubles have no digits behind the point. */
const NO_FRACTION = 2 ** 53

/** To one digit behind the point; halves, of the exact value of the double, go away from zero. */
function tenth(value: number): number {
  if (!(Math.abs(value) < NO_FRACTION)) return value
  const [before, behind] = Math.abs(value).toFixed(EXACT_DIGITS).split('.')
  const tenths = Number(before) * 10 + Number(behind[0]) + (behind[1] >= '5' ? 1 : 0)
  return (Math.sign(value) * tenths) / 10
}

function perSecond({ collectInterval }: AgentStat, count: number): number {
  if (collectInterval <= 0) return Number.NaN
  return count === NOT_COLLECTED ? NOT_COLLECTED : tenth(count / (collectInterval / 1000))
}

function totalRate(stat: AgentStat): number {
  return RATES.reduce((sum, pick) => sum + perSecond(stat, pick(stat)), 0)
}
