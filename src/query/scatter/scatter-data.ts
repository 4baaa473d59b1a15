import type { TraceDot } from '../read/application-trace-index.js'
import { transactionText } from '../read/transaction-id.js'
import type { TimeRange } from '../time-range.js'

// Points in cells of `xUnit` by `yUnit` ms. The first point of a cell tells how many are in it, the others tell 0, so that a
// page may draw one for all.
//   point => [ms after `from`, elapsed ms, number of the agent, sequence, 1 = success or 0, points of its cell or 0]

/** How fine the cells are, ms. */
export interface ScatterGrid {
  xUnit: number
  yUnit: number
}

export type PointJson = [x: number, y: number, agent: number, sequence: number, success: 0 | 1, cellSize: number]

export interface ScatterDataJson {
  /** [agent id, agent id and start time of the transaction] by number */
  metadata: Record<string, [agentId: string, transactionAgentId: string, transactionStartTime: number]>
  dotList: PointJson[]
}

export interface ScatterAnswer {
  /** accept times of the oldest and newest point, ms; -1: there are none */
  resultFrom: number
  resultTo: number
  scatter: ScatterDataJson
}

/** @param dots in the order in which the first one of a cell stands for it */
export function scatterData(dots: readonly TraceDot[], range: TimeRange, grid: ScatterGrid): ScatterAnswer {
  const agents = new Map<string, number>()
  const metadata: ScatterDataJson['metadata'] = {}
  const leaders = new Map<string, PointJson>()
  const points = dots.map(({ transactionId: { agentId, startTime, sequence }, ...dot }): PointJson => {
    const key = `${dot.agentId}\n${agentId}\n${startTime}`
    let agent = agents.get(key)
    if (agent === undefined) {
      agents.set(key, (agent = agents.size + 1))
      metadata[agent] = [dot.agentId, agentId, startTime]
    }
    const x = dot.acceptTime - range.from
    const point: PointJson = [x, dot.elapsed, agent, sequence, dot.error ? 0 : 1, 0]
    const cell = `${Math.max(0, x - (x % grid.xUnit))} ${dot.elapsed - (dot.elapsed % grid.yUnit)}`
    const leader = leaders.get(cell) ?? point
    if (leader === point) leaders.set(cell, point)
    leader[5]++
    return point
  })
  points.sort((a, b) => b[0] - a[0])
  let [resultFrom, resultTo] = [-1, -1]
  for (const { acceptTime } of dots) {
    if (resultFrom === -1 || acceptTime < resultFrom) resultFrom = acceptTime
    if (acceptTime > resultTo) resultTo = acceptTime
  }
  return { resultFrom, resultTo, scatter: { metadata, dotList: points } }
}

export type PlainPointJson = [acceptTime: number, elapsed: number, transactionId: string, success: 0 | 1]

/** The older form: points by agent, without cells. */
export interface PlainScatterJson {
  resultFrom: number
  resultTo: number
  scatterIndex: { x: 0; y: 1; transactionId: 2; type: 3 }
  scatter: Record<string, PlainPointJson[]>
}

export function plainScatter(dots: readonly TraceDot[], range: TimeRange): PlainScatterJson {
  const scatter: PlainScatterJson['scatter'] = Object.create(null)
  for (const { agentId, acceptTime, elapsed, transactionId, error } of dots) {
    scatter[agentId] ??= []
    scatter[agentId].push([acceptTime, elapsed, transactionText(transactionId), error ? 0 : 1])
  }
  const scatterIndex = { x: 0, y: 1, transactionId: 2, type: 3 } as const
  return { resultFrom: range.from, resultTo: range.to, scatterIndex, scatter }
}
