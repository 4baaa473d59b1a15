import { isRoot, type Span, type SpanEvent } from '../read/span.js'
import { isRpcClient, isUnknown, isUser, isWas, type ServiceType, serviceType } from '../service-types.js'
import type { LinkCondition } from './filter-text.js'
import { matchesPath } from './path-pattern.js'

/** Whether all conditions hold for a transaction. */
export function passes(conditions: readonly LinkCondition[] | null, spans: readonly Span[]): boolean {
  return conditions === null || conditions.every((condition) => holds(condition, spans))
}

function holds(condition: LinkCondition, spans: readonly Span[]): boolean {
  const { fromTypes, toTypes } = condition
  if (fromTypes.some(isWas)) {
    if (toTypes.some(isWas)) return callsApplication(condition, spans)
    return toTypes.some(isUnknown) ? callsHost(condition, spans) : callsBackend(condition, spans)
  }
  return fromTypes.some(isUser) && toTypes.some(isWas) && usersCall(condition, spans)
}

function fits({ least, most, error }: LinkCondition, elapsed: number, failed: boolean): boolean {
  return elapsed >= least && elapsed <= most && (error === null || error === failed)
}

const failed = (span: Span): boolean => span.errorCode > 0

function spansOf(spans: readonly Span[], name: string, types: readonly ServiceType[], agent: string): Span[] {
  return spans.filter(
    (span) =>
      span.applicationName === name &&
      types.includes(serviceType(span.typeCode)) &&
      (agent === '' || span.agentId === agent),
  )
}

function callers(condition: LinkCondition, spans: readonly Span[]): Span[] {
  return spansOf(spans, condition.fromName, condition.fromTypes, condition.fromAgent)
}

/** The spans of the callee, if the path of one of them is wanted. */
function callees({ toName, toTypes, toAgent, url }: LinkCondition, spans: readonly Span[]): Span[] {
  const found = spansOf(spans, toName, toTypes, toAgent)
  return url === null || found.some((span) => matchesPath(url, span.rpc ?? '')) ? found : []
}

function usersCall(condition: LinkCondition, spans: readonly Span[]): boolean {
  return callees(condition, spans).some((span) => isRoot(span) && fits(condition, span.elapsed, failed(span)))
}

function callsApplication(condition: LinkCondition, spans: readonly Span[]): boolean {
  const from = callers(condition, spans)
  return callees(condition, spans).some(
    (to) =>
      from.some((span) => span !== to && span.spanId === to.parentSpanId) && fits(condition, to.elapsed, failed(to)),
  )
}

function someEvent(condition: LinkCondition, spans: readonly Span[], wanted: (event: SpanEvent) => boolean): boolean {
  return callers(condition, spans).some((span) =>
    span.events.some((event) => wanted(event) && fits(condition, event.endElapsed, event.exception !== null)),
  )
}

function callsHost(condition: LinkCondition, spans: readonly Span[]): boolean {
  return someEvent(condition, spans, ({ typeCode, destinationId }) => {
    const type = serviceType(typeCode)
    return isRpcClient(type) && type.recordStatistics && destinationId === condition.toName
  })
}

function callsBackend(condition: LinkCondition, spans: readonly Span[]): boolean {
  return someEvent(condition, spans, ({ typeCode, destinationId }) => {
    return destinationId === condition.toName && condition.toTypes.includes(serviceType(typeCode))
  })
}
