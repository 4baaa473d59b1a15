import { formatFilters, type LinkFilter } from '../route/link-filter.js'
import { getJson } from './get-json.js'
import type { ServerMap } from './server-map.js'

export interface FilteredMapQuery {
  applicationName: string
  serviceTypeName: string
  from: number
  to: number
  filters: readonly LinkFilter[]
}

export interface FilteredMap {
  map: ServerMap
  /** older transactions than this were not searched, ms since 1970 */
  searchedFrom: number
}

/** One answer searches so many of the newest transactions; the server may have a lower limit. */
const LIMIT = 10_000
/** the answer's dots are not drawn: groups as large as possible */
const GROUP = 1_000_000

export async function getFilteredMap(query: FilteredMapQuery, signal?: AbortSignal): Promise<FilteredMap> {
  const { filters, ...rest } = query
  const answer = await getJson<{ applicationMapData: ServerMap; lastFetchedTimestamp: number }>(
    'getFilteredServerMapDataMadeOfDotGroup.pinpoint',
    {
      ...rest,
      originTo: query.to,
      // the route decodes it once more
      filter: encodeURIComponent(formatFilters(filters)),
      limit: LIMIT,
      xGroupUnit: GROUP,
      yGroupUnit: GROUP,
    },
    signal,
  )
  return { map: answer.applicationMapData, searchedFrom: answer.lastFetchedTimestamp }
}
