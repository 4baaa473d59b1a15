import { checkRange, type Query } from '../context.js'
import type { LinkCondition } from '../filter/filter-text.js'
import { filteredDots } from '../map/filtered-map.js'
import type { TimeRange } from '../time-range.js'
import { type ScatterAnswer, type ScatterGrid, scatterData } from './scatter-data.js'
import { readIndexPage } from './trace-index.js'

export interface ScatterRequest {
  applicationName: string
  range: TimeRange
  grid: ScatterGrid
  limit: number
  /** newest first; a page goes on before the oldest point it has */
  backward: boolean
  conditions: LinkCondition[] | null
}

export interface ScatterChart extends ScatterAnswer {
  /** there is nothing more in the range */
  complete: boolean
}

/** Points of an application, up to a limit. */
export async function scatterChart(query: Query, request: ScatterRequest): Promise<ScatterChart> {
  const { applicationName, range, grid, backward, conditions } = request
  checkRange(query, range)
  const limit = Math.min(request.limit, query.limits.points)
  const of = conditions === null ? 'rows' : 'dots'
  const { dots } = await readIndexPage(query, applicationName, range, { limit, of, backward })
  const shown = conditions === null ? dots : await filteredDots(query, applicationName, dots, conditions)
  return { ...scatterData(shown, range, grid), complete: dots.length < limit }
}
