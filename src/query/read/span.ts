import type { Annotation } from './annotation.js'
import { readAnnotations } from './annotation.js'
import { RowReader } from './row-reader.js'
import type { TransactionId } from './transaction-id.js'

// Span (family S) and span event (family T) of Traces (spec: storage.md §4.1, §4.2):
//   span  => i8 version  pstr agentId  var agentStart  i64 parentSpanId  var startTime  var elapsed  pstr rpc
//            pstr application  i16 type  pstr endPoint  pstr remoteAddr  svar apiId  svar err
//            exception  i16 flag  bool hasApplicationType [i16]  i8 loggingInfo
//   event => i8 version  pstr agentId  pstr application  var agentStart  var startElapsed  var endElapsed  pstr rpc
//            i16 type  pstr endPoint  pstr destinationId  svar apiId  svar depth  i64 nextSpanId  exception
//            annotations  svar nextAsyncId
//   exception       => bool [svar id  pstr message]
//   event qualifier => i64 spanId  i16 sequence  i32 asyncId  i16 asyncSequence

/** What agents send instead of an id where there is none. */
export const NO_SPAN = -1n

export interface ThrownException {
  /** of the class name in StringMetaData */
  id: number
  message: string | null
}

/** What spans and events have alike. */
interface Call {
  spanId: bigint
  agentId: string
  /** ms */
  agentStartTime: number
  rpc: string | null
  typeCode: number
  endPoint: string | null
  apiId: number
  exception: ThrownException | null
  annotations: Annotation[]
}

export interface Span extends Call {
  transactionId: TransactionId
  /** ms */
  acceptTime: number
  parentSpanId: bigint
  /** clock of the agent, ms */
  startTime: number
  /** ms */
  elapsed: number
  applicationName: string
  /** of the application, which may differ from that of the span */
  applicationTypeCode: number
  remoteAddress: string | null
  errorCode: number
  loggingInfo: number
  events: SpanEvent[]
}

export interface SpanEvent extends Call {
  sequence: number
  /** -1: not asynchronous */
  asyncId: number
  asyncSequence: number
  /** ms after the start of its span */
  startElapsed: number
  /** how long it took, ms */
  endElapsed: number
  destinationId: string | null
  /** -1: that of the event before it */
  depth: number
  nextSpanId: bigint
  nextAsyncId: number
}

export const isRoot = (span: Span): boolean => span.parentSpanId === NO_SPAN
export const isAsync = (event: SpanEvent): boolean => event.asyncId !== -1

/** @param acceptTime timestamp of the cell, ms */
export function readSpan(transactionId: TransactionId, qualifier: Buffer, value: Buffer, acceptTime: number): Span {
  const v = new RowReader(value)
  v.skip(1)
  const agentId = v.pstr() ?? ''
  const agentStartTime = v.var64()
  const parentSpanId = v.big64()
  const startTime = v.var64()
  const elapsed = v.var32()
  const rpc = v.pstr()
  const applicationName = v.pstr() ?? ''
  const typeCode = v.i16()
  const endPoint = v.pstr()
  const remoteAddress = v.pstr()
  const apiId = v.svar32()
  const errorCode = v.svar32()
  const exception = readException(v)
  v.skip(2)
  const applicationTypeCode = v.bool() ? v.i16() : typeCode
  return {
    transactionId,
    acceptTime,
    spanId: qualifier.readBigInt64BE(0),
    parentSpanId,
    agentId,
    agentStartTime,
    startTime,
    elapsed,
    rpc,
    applicationName,
    typeCode,
    applicationTypeCode,
    endPoint,
    remoteAddress,
    apiId,
    errorCode,
    exception,
    loggingInfo: v.i8(),
    annotations: [],
    events: [],
  }
}

export function readSpanEvent(qualifier: Buffer, value: Buffer): SpanEvent {
  const q = new RowReader(qualifier)
  const spanId = q.big64()
  const sequence = q.i16()
  const asyncId = q.left > 0 ? q.i32() : -1
  const asyncSequence = q.left > 0 ? q.i16() : -1
  const v = new RowReader(value)
  v.skip(1)
  const agentId = v.pstr() ?? ''
  v.pbytes()
  const agentStartTime = v.var64()
  const startElapsed = v.var32()
  const endElapsed = v.var32()
  const rpc = v.pstr()
  const typeCode = v.i16()
  const endPoint = v.pstr()
  const destinationId = v.pstr()
  const apiId = v.svar32()
  const depth = v.svar32()
  const nextSpanId = v.big64()
  const exception = readException(v)
  const annotations = readAnnotations(v)
  const nextAsyncId = v.left > 0 ? v.svar32() : -1
  return {
    spanId,
    sequence,
    asyncId,
    asyncSequence,
    agentId,
    agentStartTime,
    startElapsed,
    endElapsed,
    rpc,
    typeCode,
    endPoint,
    destinationId,
    apiId,
    depth,
    nextSpanId,
    exception,
    annotations,
    nextAsyncId,
  }
}

function readException(v: RowReader): ThrownException | null {
  return v.bool() ? { id: v.svar32(), message: v.pstr() } : null
}
