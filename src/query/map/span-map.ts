import { histogramSlot } from '../../row/service-type.js'
import { type Application, application, applicationKey } from '../application.js'
import type { Query } from '../context.js'
import { isRoot, type Span, type SpanEvent } from '../read/span.js'
import { isRpcClient, serviceType, UNKNOWN_TYPE, USER_TYPE } from '../service-types.js'
import { histogramWindow, slotOf, type TimeRange, type TimeWindow } from '../time-range.js'
import { type ApplicationMap, buildMap } from './application-map.js'
import { addSlot, histogramAt, type TimeHistograms } from './histogram.js'
import { callsAt, type LinkMap, linkOf } from './link-calls.js'
import type { FoundLinks } from './link-search.js'
import { serversOf } from './server-list.js'

/** What the spans of some transactions make of a map. */
export interface SpanCounts {
  found: FoundLinks
  /** by application, then by agent */
  responses: Map<string, Map<string, TimeHistograms>>
}

/** The map of nothing but these transactions. */
export async function spanMap(query: Query, transactions: Iterable<Span[]>, range: TimeRange): Promise<ApplicationMap> {
  const counts = newSpanCounts()
  for (const spans of transactions) countSpans(counts, spans, histogramWindow(range))
  return mapOfCounts(query, counts, range)
}

export function newSpanCounts(): SpanCounts {
  return { found: { source: new Map(), target: new Map() }, responses: new Map() }
}

export function mapOfCounts(query: Query, { found, responses }: SpanCounts, range: TimeRange): Promise<ApplicationMap> {
  return buildMap(range, found, {
    responses: async (node) => responses.get(applicationKey(node)) ?? new Map(),
    servers: (node, responding) => serversOf(query, node, responding, range.to),
  })
}

/** The application that a span is of. */
export function applicationOfSpan(span: Span): Application {
  return application(span.applicationName, span.applicationTypeCode)
}

/** Whether a span is a node of a map. */
export function isCounted({ type }: Application): boolean {
  return type.recordStatistics && !isRpcClient(type)
}

/** Adds one transaction. */
export function countSpans(counts: SpanCounts, spans: readonly Span[], window: TimeWindow): void {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  for (const span of spans) {
    const of = applicationOfSpan(span)
    const slot = histogramSlot(of.type.code, span.elapsed, span.errorCode !== 0)
    const time = slotOf(span.acceptTime, window.slot)
    countResponse(counts, of, span.agentId, time, slot)
    if (!isCounted(of)) continue
    const parent = isRoot(span) ? undefined : byId.get(span.parentSpanId)
    const from = parent === undefined ? { name: of.name, type: USER_TYPE } : applicationOfSpan(parent)
    const { source, target } = counts.found
    for (const links of from.type === USER_TYPE ? [source, target] : [target]) {
      countCall(links, from, span.agentId, of, span.agentId, time, slot)
    }
    for (const event of span.events) countEvent(source, of, span, event, byId, window)
  }
}

function countResponse(counts: SpanCounts, of: Application, agentId: string, time: number, slot: number): void {
  const key = applicationKey(of)
  const agents = counts.responses.get(key) ?? new Map<string, TimeHistograms>()
  counts.responses.set(key, agents)
  const times = agents.get(agentId) ?? new Map()
  agents.set(agentId, times)
  addSlot(histogramAt(times, time), of.type.schema, slot, 1)
}

function countEvent(
  source: LinkMap,
  from: Application,
  span: Span,
  event: SpanEvent,
  byId: ReadonlyMap<bigint, Span>,
  window: TimeWindow,
): void {
  const called = serviceType(event.typeCode)
  if (!called.recordStatistics) return
  const type = isRpcClient(called) && !byId.has(event.nextSpanId) ? UNKNOWN_TYPE : called
  const to = { name: event.destinationId ?? 'Unknown', type }
  const slot = histogramSlot(type.code, event.endElapsed, event.exception !== null)
  const time = slotOf(span.startTime + event.startElapsed, window.slot)
  countCall(source, from, span.agentId, to, event.endPoint ?? '', time, slot)
}

function countCall(
  links: LinkMap,
  from: Application,
  agentId: string,
  to: Application,
  host: string,
  time: number,
  slot: number,
): void {
  const { calls } = linkOf(links, from, to)
  addSlot(callsAt(calls, agentId, from.type, host, to.type, time), to.type.schema, slot, 1)
}
