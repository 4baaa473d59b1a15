import type { Query } from '../../query/context.js'
import { parseFilter } from '../../query/filter/filter-text.js'
import { type FilteredMap, filteredMap } from '../../query/map/filtered-map.js'
import { plainScatter, scatterData } from '../../query/scatter/scatter-data.js'
import type { TimeRange } from '../../query/time-range.js'
import { applicationOf, lastRange, rangeOf } from './map-routes.js'
import type { Parameters } from './parameters.js'
import type { AddRoute } from './route.js'
import { limitOf } from './scatter-routes.js'

const DEFAULT_LIMIT = 10_000

export function addFilteredMapRoutes(add: AddRoute): void {
  add('getFilteredServerMapData', async (query, parameters) => {
    return withPlainScatter(rangeOf(parameters), await filtered(query, parameters, rangeOf(parameters)))
  })
  add('getFilteredServerMapDataMadeOfDotGroup', async (query, parameters) => {
    const range = { from: parameters.whole('from'), to: parameters.whole('originTo') }
    const grid = { xUnit: parameters.positive('xGroupUnit'), yUnit: parameters.positive('yGroupUnit') }
    const { map, lastFetched, dots } = await filtered(query, parameters, rangeOf(parameters))
    const scatter = [...dots].map(([name, list]) => [name, { ...range, ...scatterData(list, range, grid) }])
    return {
      applicationMapData: map,
      lastFetchedTimestamp: lastFetched,
      applicationScatterData: Object.fromEntries(scatter),
    }
  })
  add('getLastFilteredServerMapData', async (query, parameters) => {
    const range = lastRange(query, parameters)
    return withPlainScatter(range, await filtered(query, parameters, range, range.to))
  })
}

function filtered(query: Query, parameters: Parameters, range: TimeRange, originTo?: number): Promise<FilteredMap> {
  return filteredMap(query, {
    applicationName: applicationOf(parameters).name,
    range,
    originTo: originTo ?? parameters.whole('originTo'),
    conditions: parseFilter(parameters.optional('filter')),
    limit: Math.min(limitOf(parameters, DEFAULT_LIMIT), query.limits.points),
  })
}

function withPlainScatter(range: TimeRange, { map, lastFetched, dots }: FilteredMap): unknown {
  const read = { from: lastFetched, to: range.to }
  const scatter = [...dots].map(([name, list]) => [name, plainScatter(list, read)])
  return {
    applicationMapData: map,
    lastFetchedTimestamp: lastFetched,
    applicationScatterScanResult: Object.fromEntries(scatter),
  }
}
