import { type TSpanEvent, TSpanEventBit } from '../thrift/generated/trace.js'
import { writeAnnotations } from './annotation.js'
import { copyBytes, NOT_ASCII, viewOf } from './byte-view.js'
import { writeException } from './exception.js'
import { putSvar32, putVar32 } from './put.js'
import type { RowBatch } from './row-batch.js'
import type { RowWriter } from './row-writer.js'

// The cells of a message's span events (spec: storage.md §4.2), 15 of 16 cells that are written:
//
//   family:u8=T  16:u16  spanId:i64  sequence:i16  asyncId:i32  asyncSequence:i16  length:u32  value
//   0            1       3           11            13           17                 19          23
//
//   value => head  var(startElapsed) var(endElapsed) pstr(rpc) i16(serviceType) pstr(endPoint) pstr(destinationId)
//            svar(apiId) svar(depth) i64(nextSpanId) exception annotations svar(nextAsyncId)
//   head  => version:i8=0  pstr(agentId) pstr(applicationName) var(agentStartTime)
//
// What stands before startElapsed is written once a message and copied for the others, then the numbers put in.

const QUALIFIER_BYTES = 16
const SEQUENCE_AT = 11
const ASYNC_ID_AT = 13
const ASYNC_SEQUENCE_AT = 17
const LENGTH_AT = 19
const VALUE_AT = 23
/** pstr of so many bytes has a length of one. */
const SHORT_TEXT = 64
/** For the numbers of a value and three short texts. */
const VALUE_ROOM = 3 * SHORT_TEXT + 64

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

/** Appends a cell for each event up to the sequence limit. @param start of the message in bytes @returns how many */
export function appendEvents(
  rows: RowBatch,
  family: number,
  bytes: Uint8Array,
  start: number,
  owner: TraceOwner,
  events: TSpanEvent[],
  count: number,
  sequenceLimit: number,
  chunkAsyncId: ChunkAsyncId | null,
): number {
  const { w } = rows
  const asyncId = chunkAsyncId === null ? -1 : chunkAsyncId.asyncId
  const asyncSequence = chunkAsyncId === null ? -1 : chunkAsyncId.sequence
  let cells = 0
  let first = 0
  let headBytes = 0
  for (let i = 0; i < count; i++) {
    const event = events[i]
    if (event.sequence > sequenceLimit) continue
    const at = w.len
    if (cells > 0) w.again(first, headBytes)
    else {
      first = at
      writeHead(w, family, bytes, owner)
      headBytes = w.len - at
    }
    const { set } = event
    const { view } = w
    view.setInt16(at + SEQUENCE_AT, event.sequence)
    view.setInt32(at + ASYNC_ID_AT, (set & TSpanEventBit.asyncId) !== 0 ? event.asyncId : asyncId)
    view.setInt16(
      at + ASYNC_SEQUENCE_AT,
      (set & TSpanEventBit.asyncSequence) !== 0 ? event.asyncSequence : asyncSequence,
    )
    writeRest(w, bytes, start, event)
    w.view.setUint32(at + LENGTH_AT, w.len - at - VALUE_AT)
    cells++
  }
  return cells
}

function writeHead(w: RowWriter, family: number, bytes: Uint8Array, owner: TraceOwner): void {
  w.i8(family)
  w.i16(QUALIFIER_BYTES)
  w.i64(owner.spanIdHi, owner.spanIdLo)
  w.i64(0, 0)
  w.i32(0)
  w.i8(0)
  w.pstr(bytes, owner.agentIdAt, owner.agentIdLen)
  w.pstr(bytes, owner.applicationNameAt, owner.applicationNameLen)
  w.var64(owner.agentStartTimeHi, owner.agentStartTimeLo)
}

function writeRest(w: RowWriter, bytes: Uint8Array, start: number, event: TSpanEvent): void {
  w.ensure(VALUE_ROOM)
  let at = putVar32(w.view, w.len, event.startElapsed)
  at = putVar32(w.view, at, event.endElapsed)
  at = putText(w, at, bytes, event.rpcAt, event.rpcLen)
  w.view.setInt16(at, event.serviceType)
  at = putText(w, at + 2, bytes, event.endPointAt, event.endPointLen)
  at = putText(w, at, bytes, event.destinationIdAt, event.destinationIdLen)
  const { view } = w
  at = putSvar32(view, at, event.apiId)
  at = putSvar32(view, at, event.depth)
  view.setInt32(at, event.nextSpanIdHi)
  view.setInt32(at + 4, event.nextSpanIdLo)
  w.len = at + 8
  const { set } = event
  writeException(w, bytes, (set & TSpanEventBit.exceptionInfo) !== 0 ? event.exceptionInfo : null)
  writeAnnotations(w, bytes, start, event.annotations, event.annotationsCount)
  w.svar32((set & TSpanEventBit.nextAsyncId) !== 0 ? event.nextAsyncId : -1)
}

/** pstr, with room for what comes after it. */
function putText(w: RowWriter, at: number, bytes: Uint8Array, textAt: number, n: number): number {
  if (n < 0) {
    w.view.setUint8(at, 1)
    return at + 1
  }
  if (n < SHORT_TEXT) {
    w.view.setUint8(at, n << 1)
    if ((copyBytes(w.view, at + 1, viewOf(bytes), textAt, n) & NOT_ASCII) === 0) return at + 1 + n
  }
  w.len = at
  w.pstr(bytes, textAt, n)
  w.ensure(VALUE_ROOM)
  return w.len
}
