import { RowError } from '../errors.js'
import { appendTraceIndex } from '../row/application-trace-index.js'
import { appendHostMap } from '../row/host-application-map.js'
import { countCallee, countCaller, countSelf, type Node, type Slice } from '../row/map-statistics.js'
import { histogramSlot, resolveServiceType, USER } from '../row/service-type.js'
import { appendSpan } from '../row/traces.js'
import { NAME_WIDTH } from '../row/transaction-id.js'
import { type TSpan, TSpanBit } from '../thrift/generated/trace.js'
import type { MapContext } from './context.js'
import { countEvents, leaveOut } from './statistics.js'

const application: Node = { name: { at: 0, len: 0 }, type: 0 }
const user: Node = { name: application.name, type: USER }
const parent: Node = { name: { at: 0, len: 0 }, type: 0 }
const agent: Slice = { at: 0, len: 0 }
const endPoint: Slice = { at: 0, len: 0 }

/**
 * TSpan → Traces, ApplicationTraceIndex, HostApplicationMap_Ver2 and counts (spec: storage.md §4–§6.3).
 * Throws RowError when nothing of it can be stored; a bad part later on is left out and noted (§6.7, docs/wire-and-tables.md).
 */
export function mapSpan(context: MapContext, bytes: Uint8Array, start: number, span: TSpan): void {
  const { rows, accounting } = context
  const id = context.transactionId
  id.parse(bytes, span.transactionIdAt, span.transactionIdLen, span.agentIdAt, span.agentIdLen)
  appendSpan(rows, bytes, start, span, id, context.sequenceLimit)

  if (span.applicationNameLen <= 0 || span.applicationNameLen > NAME_WIDTH) {
    accounting.leftOut(span.applicationNameLen > 0 ? 'application_name_too_long' : 'application_name_missing')
    return
  }
  const type = resolveServiceType(
    (span.set & TSpanBit.applicationServiceType) !== 0 ? span.applicationServiceType : span.serviceType,
  )
  const parentFits = span.parentApplicationNameLen <= NAME_WIDTH
  if (!parentFits) accounting.leftOut('parent_application_name_too_long')
  let rowCount = rows.rowCount
  let size = rows.bytes
  try {
    appendTraceIndex(rows, bytes, span, id, context.time)
    rowCount = rows.rowCount
    size = rows.bytes
    if (parentFits && span.acceptorHostLen >= 0 && context.hosts.due(bytes, span, type, context.slot)) {
      appendHostMap(rows, bytes, span, type, context.slot)
    }
  } catch (error) {
    // names that are no UTF-8 grow when they are repaired
    if (!(error instanceof RowError) || error.reason === 'too_large') throw error
    rows.truncate(rowCount, size)
    accounting.leftOut(error.reason)
    return
  }
  if (span.agentIdLen < 0) {
    accounting.leftOut('agent_id_missing')
    return
  }
  countSpan(context, bytes, span, type, parentFits)
}

function countSpan(context: MapContext, bytes: Uint8Array, span: TSpan, type: number, parentFits: boolean): void {
  const { counters, slot } = context
  const counts = context.accounting.counts
  application.name.at = span.applicationNameAt
  application.name.len = span.applicationNameLen
  application.type = type
  agent.at = span.agentIdAt
  agent.len = span.agentIdLen
  endPoint.at = span.endPointAt
  endPoint.len = span.endPointLen
  const histogram = histogramSlot(type, span.elapsed, span.err !== 0)
  try {
    if (span.parentSpanIdHi === -1 && span.parentSpanIdLo === -1) {
      countCallee(counters, bytes, user, application, agent, histogram, agent, slot)
      counts.taken++
      countCaller(counters, bytes, application, user, agent, histogram, slot)
      counts.taken++
    }
    // an empty name would break the right-trim of web's reader
    if (span.parentApplicationNameLen > 0 && parentFits) {
      parent.name.at = span.parentApplicationNameAt
      parent.name.len = span.parentApplicationNameLen
      parent.type = resolveServiceType(span.parentApplicationType)
      countCaller(counters, bytes, application, parent, agent, histogram, slot)
      counts.taken++
    }
    countSelf(counters, bytes, application, agent, histogram, slot)
    counts.taken++
  } catch (error) {
    leaveOut(context, error)
  }
  countEvents(context, bytes, application, agent, endPoint, span.spanEventList, span.spanEventListCount)
}
