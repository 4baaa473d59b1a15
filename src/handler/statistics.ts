import { RowError } from '../errors.js'
import { countCallee, countCaller, type Node, type Slice } from '../row/map-statistics.js'
import { histogramSlot, recordsStatistics, resolveServiceType } from '../row/service-type.js'
import { type TSpanEvent, TSpanEventBit } from '../thrift/generated/trace.js'
import type { MapContext } from './context.js'

const callee: Node = { name: { at: 0, len: 0 }, type: 0 }
const host: Slice = { at: 0, len: 0 }

/**
 * Counts the calls of a span's or chunk's events (spec: storage.md §6.3, step 4). An event that cannot be counted
 * (no destination id) is left out and noted; the later ones still count, unlike in the original.
 * @param endPoint of the span or chunk
 */
export function countEvents(
  context: MapContext,
  bytes: Uint8Array,
  application: Node,
  agent: Slice,
  endPoint: Slice,
  events: TSpanEvent[],
  count: number,
): void {
  const { counts } = context.accounting
  for (let i = 0; i < count; i++) {
    const event = events[i]
    if (!recordsStatistics(event.serviceType)) continue
    if (event.destinationIdLen < 0) {
      context.accounting.leftOut('event_without_destination')
      continue
    }
    callee.name.at = event.destinationIdAt
    callee.name.len = event.destinationIdLen
    callee.type = resolveServiceType(event.serviceType)
    host.at = event.endPointAt
    host.len = event.endPointLen
    const histogram = histogramSlot(callee.type, event.endElapsed, (event.set & TSpanEventBit.exceptionInfo) !== 0)
    try {
      countCallee(context.counters, bytes, application, callee, host, histogram, agent, context.slot)
      counts.taken++
      countCaller(context.counters, bytes, callee, application, endPoint, histogram, context.slot)
      counts.taken++
    } catch (error) {
      leaveOut(context, error)
    }
  }
}

/** A count that cannot be written is left out and noted. */
export function leaveOut(context: MapContext, error: unknown): void {
  if (!(error instanceof RowError)) throw error
  context.counters.abandon()
  context.accounting.leftOut(error.reason)
}
