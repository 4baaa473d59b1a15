import type { Application } from '../application.js'
import { checkRange, type Query } from '../context.js'
import type { TimeRange } from '../time-range.js'
import { histogramJson, type SeriesJson, seriesJson, sumOf } from './histogram.js'
import { responsesByAgent } from './statistics.js'

export interface ResponseTimeJson {
  /** counts by agent */
  summary: Record<string, Record<string, number>>
  /** the same by minute; minutes without responses are left out */
  timeSeries: Record<string, SeriesJson[]>
}

/** How long the responses of an application's agents took. */
export async function responseTimes(query: Query, of: Application, range: TimeRange): Promise<ResponseTimeJson> {
  checkRange(query, range)
  const agents = [...(await responsesByAgent(query, of, range))].sort(([a], [b]) => (a < b ? -1 : 1))
  const { schema } = of.type
  return {
    summary: Object.fromEntries(agents.map(([agent, times]) => [agent, histogramJson(sumOf(times.values()), schema)])),
    timeSeries: Object.fromEntries(agents.map(([agent, times]) => [agent, seriesJson(times, schema)])),
  }
}
