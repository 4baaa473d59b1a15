import type { Application } from '../../query/application.js'
import type { Query } from '../../query/context.js'
import { mapJson } from '../../query/map/map-json.js'
import { responseTimes } from '../../query/map/response-time.js'
import { serverMap } from '../../query/map/server-map.js'
import { serviceType, serviceTypeNamed } from '../../query/service-types.js'
import type { TimeRange } from '../../query/time-range.js'
import type { Parameters } from './parameters.js'
import type { AddRoute } from './route.js'

/** "Now" of the routes that ask for the last minutes: what is younger may still be on its way, ms. */
const DELAY_MS = 3_000
const DEFAULT_DEPTH = 8

/** The application that a request names by type code or type name. */
export function applicationOf(parameters: Parameters): Application {
  const name = parameters.text('applicationName')
  if (parameters.has('serviceTypeCode')) return { name, type: serviceType(parameters.whole('serviceTypeCode')) }
  return { name, type: serviceTypeNamed(parameters.text('serviceTypeName')) }
}

export function rangeOf(parameters: Parameters): TimeRange {
  return { from: parameters.whole('from'), to: parameters.whole('to') }
}

export function lastRange(query: Query, parameters: Parameters): TimeRange {
  const to = query.now - DELAY_MS
  return { from: to - parameters.whole('period'), to }
}

export function addMapRoutes(add: AddRoute): void {
  const map = async (query: Query, parameters: Parameters, range: TimeRange): Promise<unknown> => {
    const depth = {
      outgoing: parameters.whole('callerRange', DEFAULT_DEPTH),
      incoming: parameters.whole('calleeRange', DEFAULT_DEPTH),
    }
    return { applicationMapData: mapJson(await serverMap(query, applicationOf(parameters), range, depth)) }
  }
  add('getServerMapData', (query, parameters) => map(query, parameters, rangeOf(parameters)))
  add('getLastServerMapData', (query, parameters) => map(query, parameters, lastRange(query, parameters)))
  add('getResponseTimeHistogramData', (query, parameters) =>
    responseTimes(query, applicationOf(parameters), rangeOf(parameters)),
  )
}
