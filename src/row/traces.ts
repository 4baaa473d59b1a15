import {
  type TIntStringValue,
  type TSpan,
  TSpanBit,
  type TSpanChunk,
  TSpanChunkBit,
  type TSpanEvent,
  TSpanEventBit,
} from '../thrift/generated/trace.js'
import { writeAnnotations } from './annotation.js'
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

/** What span and chunk have in common, as slices of the message. */
export interface TraceOwner {
  agentIdAt: number
  agentIdLen: number
  applicationNameAt: number
  applicationNameLen: number
  agentStartTimeHi: number
  agentStartTimeLo: number
  spanIdHi: number
  spanIdLo: number
}

/** The async id of all events of a 2.x chunk, which its events do not carry themselves. */
export interface ChunkAsyncId {
  asyncId: number
  sequence: number
}

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
  appendEvents(rows, bytes, start, span, span.spanEventList, span.spanEventListCount, sequenceLimit, null)
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

function appendEvents(
  rows: RowBatch,
  bytes: Uint8Array,
  start: number,
  owner: TraceOwner,
  events: TSpanEvent[],
  count: number,
  sequenceLimit: number,
  chunkAsyncId: ChunkAsyncId | null,
): number {
  const w = rows.w
  let cells = 0
  let headAt = 0
  let headBytes = 0
  for (let i = 0; i < count; i++) {
    const event = events[i]
    if (event.sequence > sequenceLimit) continue
    const set = event.set
    rows.beginCell(T)
    w.i64(owner.spanIdHi, owner.spanIdLo)
    w.i16(event.sequence)
    w.i32((set & TSpanEventBit.asyncId) !== 0 ? event.asyncId : (chunkAsyncId?.asyncId ?? -1))
    w.i16((set & TSpanEventBit.asyncSequence) !== 0 ? event.asyncSequence : (chunkAsyncId?.sequence ?? -1))
    rows.beginValue()
    // the same for all of them
    if (cells > 0) w.again(headAt, headBytes)
    else {
      headAt = w.len
      writeEventHead(w, bytes, owner)
      headBytes = w.len - headAt
    }
    writeEventValue(w, bytes, start, event)
    rows.endCell()
    cells++
  }
  return cells
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

/** What the values of a message's events begin with. */
function writeEventHead(w: RowWriter, bytes: Uint8Array, owner: TraceOwner): void {
  w.i8(0)
  w.pstr(bytes, owner.agentIdAt, owner.agentIdLen)
  w.pstr(bytes, owner.applicationNameAt, owner.applicationNameLen)
  w.var64(owner.agentStartTimeHi, owner.agentStartTimeLo)
}

function writeEventValue(w: RowWriter, bytes: Uint8Array, start: number, event: TSpanEvent): void {
  const set = event.set
  w.var32(event.startElapsed)
  w.var32(event.endElapsed)
  w.pstr(bytes, event.rpcAt, event.rpcLen)
  w.i16(event.serviceType)
  w.pstr(bytes, event.endPointAt, event.endPointLen)
  w.pstr(bytes, event.destinationIdAt, event.destinationIdLen)
  w.svar32(event.apiId)
  w.svar32(event.depth)
  w.i64(event.nextSpanIdHi, event.nextSpanIdLo)
  writeException(w, bytes, (set & TSpanEventBit.exceptionInfo) !== 0 ? event.exceptionInfo : null)
  writeAnnotations(w, bytes, start, event.annotations, event.annotationsCount)
  w.svar32((set & TSpanEventBit.nextAsyncId) !== 0 ? event.nextAsyncId : -1)
}

/** hasException:bool [svar(id) pstr(message)] */
function writeException(w: RowWriter, bytes: Uint8Array, info: TIntStringValue | null): void {
  if (info === null) {
    w.i8(0)
    return
  }
  w.i8(1)
  w.svar32(info.intValue)
  w.pstr(bytes, info.stringValueAt, info.stringValueLen)
}
