import { NAME_WIDTH } from '../../row/transaction-id.js'
import type { StoredRow } from '../../store/store.js'
import { type Annotation, readAnnotations } from './annotation.js'
import { RowReader } from './row-reader.js'
import { readSpan, readSpanEvent, type Span, type SpanEvent } from './span.js'
import type { TransactionId } from './transaction-id.js'

// Traces (spec: storage.md §4): one row a transaction.
//   row => salt  pad24(agent id)  i64 agent start time  i64 sequence
//   S:<spanId> span      A:<spanId> annotations      T:<spanId …> span event

/** Families with all that a map needs of a transaction. */
export const SPANS_AND_EVENTS = ['S', 'T']
/** The families of one span's line in a list. */
export const SPANS = ['S']

/** The spans of a transaction with their events, in the order of their ids; events whose span is missing are left out. */
export function readTraces(row: StoredRow): Span[] {
  const transactionId = readTransactionId(row.key)
  const spans: Span[] = []
  const bySpanId = new Map<bigint, Span>()
  const events: SpanEvent[] = []
  const annotations = new Map<bigint, Annotation[]>()
  for (const { family, qualifier, value, timestamp } of row.cells) {
    if (family === 'S') {
      const span = readSpan(transactionId, qualifier, value, timestamp)
      spans.push(span)
      bySpanId.set(span.spanId, span)
    } else if (family === 'T') {
      events.push(readSpanEvent(qualifier, value))
    } else if (value.length > 0) {
      annotations.set(qualifier.readBigInt64BE(0), readAnnotations(new RowReader(value)))
    }
  }
  for (const event of events) bySpanId.get(event.spanId)?.events.push(event)
  for (const [spanId, list] of annotations) {
    const span = bySpanId.get(spanId)
    if (span !== undefined) span.annotations = list
  }
  return spans
}

function readTransactionId(key: Buffer): TransactionId {
  const r = new RowReader(key, 1)
  return { agentId: r.padded(NAME_WIDTH), startTime: r.i64(), sequence: r.i64() }
}
