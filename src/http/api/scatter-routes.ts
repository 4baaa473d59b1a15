import { BadRequest } from '../../query/bad-request.js'
import type { Query } from '../../query/context.js'
import { parseFilter } from '../../query/filter/filter-text.js'
import { parseTransactionId } from '../../query/read/transaction-id.js'
import { scatterChart } from '../../query/scatter/scatter-chart.js'
import { splitValues, withBindValues } from '../../query/transaction/sql.js'
import { transactionInfo } from '../../query/transaction/transaction-info.js'
import { type SelectedPoint, transactionList } from '../../query/transaction/transaction-list.js'
import { rangeOf } from './map-routes.js'
import type { Parameters } from './parameters.js'
import type { AddRoute } from './route.js'

/** Bytes of a form that names selected points: some 50 each. */
const POINTS_FORM_BYTES = 4 * 1024 * 1024
/** Bytes of a statement with its bind values. */
const SQL_FORM_BYTES = 1024 * 1024

export function addScatterRoutes(add: AddRoute): void {
  add('getScatterData', scatter)
  add(
    'transactionmetadata',
    async (query, parameters) => ({ metadata: await transactionList(query, pointsOf(parameters)) }),
    {
      method: 'POST',
      bodyLimit: POINTS_FORM_BYTES,
    },
  )
  add('transactionInfo', (query, parameters) =>
    transactionInfo(query, parseTransactionId(parameters.text('traceId')), parameters.whole('focusTimestamp', 0)),
  )
  add(
    'sqlBind',
    async (_query, parameters) => withBindValues(parameters.text('sql'), splitValues(parameters.text('bind'))),
    { method: 'POST', bodyLimit: SQL_FORM_BYTES },
  )
}

async function scatter(query: Query, parameters: Parameters): Promise<unknown> {
  if (parameters.has('_callback'))
    throw new BadRequest('no_jsonp', 'JSONP would let any page read the answer; ask without _callback')
  const range = rangeOf(parameters)
  const times = { currentServerTime: query.now, ...range }
  // other versions never had points
  if (parameters.whole('v', 1) !== 1) return times
  const {
    resultFrom,
    resultTo,
    complete,
    scatter: points,
  } = await scatterChart(query, {
    applicationName: parameters.text('application'),
    range,
    grid: { xUnit: parameters.positive('xGroupUnit'), yUnit: parameters.positive('yGroupUnit') },
    limit: limitOf(parameters),
    backward: parameters.flag('backwardDirection', true),
    conditions: parseFilter(parameters.optional('filter')),
  })
  return { ...times, resultFrom, resultTo, complete, scatter: points }
}

/** A limit that is asked for; the query has its own above it. */
export function limitOf(parameters: Parameters, fallback?: number): number {
  const limit = parameters.whole('limit', fallback)
  if (limit >= 0) return limit
  throw new BadRequest('bad_limit', `the limit ${limit} is negative`)
}

/** I0, T0, R0, I1 …: transaction ids, accept times and durations, until one is missing. */
function pointsOf(parameters: Parameters): SelectedPoint[] {
  const points: SelectedPoint[] = []
  for (let i = 0; ['I', 'T', 'R'].every((name) => parameters.has(`${name}${i}`)); i++) {
    points.push({
      transactionId: parseTransactionId(parameters.text(`I${i}`)),
      acceptTime: parameters.whole(`T${i}`),
      elapsed: parameters.whole(`R${i}`),
    })
  }
  return points
}
