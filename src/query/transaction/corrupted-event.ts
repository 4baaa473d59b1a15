import { KEY } from '../annotation-keys.js'
import type { Span, SpanEvent } from '../read/span.js'
import { COLLECTOR_TYPE } from '../service-types.js'
import type { Misfit } from './call-tree.js'

/** So long after the start of a span its missing packets may still come, ms. */
const WAITING_MS = 60_000

/** Method type of what stands in for a missing part. */
export const CORRUPTED = 900

/** Stands in the tree where events are missing. @param now ms */
export function corruptedEvent(why: Misfit, span: Span, event: SpanEvent, now: number): SpanEvent {
  const waiting = now - span.startTime < WAITING_MS
  const text = waiting ? 'Corrupted(waiting for packet) ' : `Corrupted(${why})`
  return {
    ...{ spanId: 0n, agentId: span.agentId, agentStartTime: span.agentStartTime, rpc: null, endPoint: null },
    ...{ typeCode: COLLECTOR_TYPE.code, apiId: 0, exception: null, destinationId: null, depth: -1 },
    ...{ startElapsed: event.startElapsed, endElapsed: event.endElapsed, nextSpanId: -1n, nextAsyncId: -1 },
    ...{ sequence: 0, asyncId: -1, asyncSequence: -1 },
    annotations: [
      { key: KEY.apiMetadata, code: -1, value: null },
      { key: KEY.args0, code: -1, value: text },
    ],
  }
}
