import { nodeName } from '../application.js'
import { checkRange, type Query } from '../context.js'
import { passes } from '../filter/filter.js'
import type { LinkCondition } from '../filter/filter-text.js'
import type { TraceDot } from '../read/application-trace-index.js'
import type { Span } from '../read/span.js'
import { SPANS_AND_EVENTS } from '../read/traces.js'
import { compareTransactions, type TransactionId, transactionText } from '../read/transaction-id.js'
import { readIndexPage } from '../scatter/trace-index.js'
import { histogramWindow, type TimeRange } from '../time-range.js'
import { readTransactions } from '../transaction/read-transactions.js'
import { type MapJson, mapJson } from './map-json.js'
import { applicationOfSpan, countSpans, isCounted, mapOfCounts, newSpanCounts } from './span-map.js'

/** Which transactions a map is made of. */
export interface FilteredMapRequest {
  applicationName: string
  /** searched */
  range: TimeRange
  /** end of the range that the map is of, ms: a page goes through it in steps */
  originTo: number
  conditions: LinkCondition[] | null
  limit: number
}

export interface FilteredMap {
  map: MapJson
  /** how far back transactions were read, ms: where the next request goes on */
  lastFetched: number
  /** the spans of the map by the name of their node */
  dots: Map<string, TraceDot[]>
}

/** The map of the newest transactions of an application that pass a filter. */
export async function filteredMap(query: Query, request: FilteredMapRequest): Promise<FilteredMap> {
  const { applicationName, range, originTo, conditions, limit } = request
  const whole = { from: range.from, to: originTo }
  checkRange(query, whole)
  const page = await readIndexPage(query, applicationName, range, { limit, of: 'dots', backward: true })
  const counts = newSpanCounts()
  const dots = new Map<string, TraceDot[]>()
  const window = histogramWindow(whole)
  for await (const chunk of readTransactions(query, distinct(page.dots), SPANS_AND_EVENTS)) {
    for (const spans of chunk) {
      if (!passes(conditions, spans)) continue
      countSpans(counts, spans, window)
      addDots(dots, spans)
    }
  }
  const map = mapJson(await mapOfCounts(query, counts, whole))
  return { map, dots, lastFetched: page.full ? page.lastTime! : range.from }
}

/** The spans of an application in the transactions that pass a filter, by transaction. */
export async function filteredDots(
  query: Query,
  applicationName: string,
  ids: readonly TraceDot[],
  conditions: LinkCondition[],
): Promise<TraceDot[]> {
  const dots: TraceDot[] = []
  for await (const chunk of readTransactions(query, distinct(ids).sort(compareTransactions), SPANS_AND_EVENTS)) {
    for (const spans of chunk) {
      if (!passes(conditions, spans)) continue
      dots.push(...spans.filter((span) => span.applicationName === applicationName).map(dotOf))
    }
  }
  return dots
}

function distinct(dots: readonly TraceDot[]): TransactionId[] {
  return [...new Map(dots.map(({ transactionId }) => [transactionText(transactionId), transactionId])).values()]
}

function addDots(dots: Map<string, TraceDot[]>, spans: readonly Span[]): void {
  for (const span of spans) {
    const of = applicationOfSpan(span)
    if (!isCounted(of)) continue
    const name = nodeName(of)
    const list = dots.get(name)
    if (list === undefined) dots.set(name, [dotOf(span)])
    else list.push(dotOf(span))
  }
}

function dotOf({ transactionId, acceptTime, elapsed, errorCode, agentId }: Span): TraceDot {
  return { transactionId, acceptTime, elapsed, error: errorCode !== 0, agentId }
}
