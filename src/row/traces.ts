import { type TSpan, TSpanBit, type TSpanChunk, TSpanChunkBit } from '../thrift/generated/trace.js'
import { writeAnnotations } from './annotation.js'
import { appendEvents } from './event-cells.js'
import { writeException } from './exception.js'
import type { RowBatch } from './row-batch.js'
import type { RowWriter } from './row-writer.js'
import { table } from './tables.js'
import type { TransactionId } from './transaction-id.js'

// Traces (spec: storage.md §4), one row a transaction:
//   S: spanId                                    => span value, every TSpan
//   A: spanId                                    => annotation list, when the span has any
//   T: spanId sequence asyncId asyncSequence     => event value, every event up to the sequence limit

const TRACES = table('Traces')
const S = 0
const A = 1
const T = 2

/** Appends the row of a span with its events. @param start of the message in bytes */
export function appendSpan(
  rows: RowBatch,
  bytes: Uint8Array,
  start: number,
  span: TSpan,
  id: TransactionId,
  sequenceLimit: number,
): void {
  const w = rows.w
  beginTrace(rows, bytes, id)

  rows.beginCell(S)
  w.i64(span.spanIdHi, span.spanIdLo)
  rows.beginValue()
  writeSpanValue(w, bytes, span)
  rows.endCell()

  if (span.annotationsCount > 0) {
    rows.beginCell(A)
    w.i64(span.spanIdHi, span.spanIdLo)
    rows.beginValue()
    writeAnnotations(w, bytes, start, span.annotations, span.annotationsCount)
    rows.endCell()
  }
  appendEvents(rows, T, bytes, start, span, span.spanEventList, span.spanEventListCount, sequenceLimit, null)
  rows.endRow()
}

/** Appends the row of a chunk's events. @returns false, and no row, when the sequence limit left none */
export function appendChunk(
  rows: RowBatch,
  bytes: Uint8Array,
  start: number,
  chunk: TSpanChunk,
  id: TransactionId,
  sequenceLimit: number,
): boolean {
  beginTrace(rows, bytes, id)
  const asyncId = (chunk.set & TSpanChunkBit.localAsyncId) !== 0 ? chunk.localAsyncId : null
  const cells = appendEvents(
    rows,
    T,
    bytes,
    start,
    chunk,
    chunk.spanEventList,
    chunk.spanEventListCount,
    sequenceLimit,
    asyncId,
  )
  if (cells > 0) rows.endRow()
  return cells > 0
}

function beginTrace(rows: RowBatch, bytes: Uint8Array, id: TransactionId): void {
  rows.beginRow(TRACES)
  id.writeTracesKey(rows.w, bytes)
  rows.endKey()
}

function writeSpanValue(w: RowWriter, bytes: Uint8Array, span: TSpan): void {
  const set = span.set
  w.i8(0)
  w.pstr(bytes, span.agentIdAt, span.agentIdLen)
  w.var64(span.agentStartTimeHi, span.agentStartTimeLo)
  w.i64(span.parentSpanIdHi, span.parentSpanIdLo)
  w.var64(span.startTimeHi, span.startTimeLo)
  w.var32(span.elapsed)
  w.pstr(bytes, span.rpcAt, span.rpcLen)
  w.pstr(bytes, span.applicationNameAt, span.applicationNameLen)
  w.i16(span.serviceType)
  w.pstr(bytes, span.endPointAt, span.endPointLen)
  w.pstr(bytes, span.remoteAddrAt, span.remoteAddrLen)
  w.svar32(span.apiId)
  w.svar32(span.err)
  writeException(w, bytes, (set & TSpanBit.exceptionInfo) !== 0 ? span.exceptionInfo : null)
  w.i16(span.flag)
  const ownType = (set & TSpanBit.applicationServiceType) !== 0
  w.i8(ownType ? 1 : 0)
  if (ownType) w.i16(span.applicationServiceType)
  w.i8(span.loggingTransactionInfo)
}
