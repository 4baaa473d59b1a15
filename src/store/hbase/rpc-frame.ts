import type { FrameBuffers } from './frame-buffers.js'
import { connectionHeader, type ResponseHeader, responseHeader } from './proto.js'
import { varintBytes, writeVarint } from './varint.js'

// connection => "HBas" version:u8=0 auth:u8=0x50  length:u32 ConnectionHeader  request*      (big-endian)
// request    => length:u32  n:varint RequestHeader  n:varint parameter  cell block
// answer     => length:u32  n:varint ResponseHeader  n:varint parameter  cell block
//
// RequestHeader => call_id=1:varint  method_name=3:string  request_param=4:bool  cell_block_meta=5{length=1}  timeout=7
// length does not count itself; an answer with an exception has neither parameter nor cell block.

/** AuthMethod SIMPLE: the name of the user is believed. */
const PREAMBLE = Buffer.from([0x48, 0x42, 0x61, 0x73, 0, 0x50])
const KEY_VALUE_CODEC = 'org.apache.hadoop.hbase.codec.KeyValueCodec'

const CALL_ID = 0x08
const METHOD_NAME = 0x1a
const REQUEST_PARAM = 0x20
const CELL_BLOCK_META = 0x2a
const CELL_BLOCK_LENGTH = 0x08
const TIMEOUT = 0x38

export type Service = 'ClientService' | 'MasterService'

/** What a client sends first. */
export function connectionStart(user: string, service: Service): Buffer {
  const header = connectionHeader.encode({
    userInfo: { effectiveUser: user },
    serviceName: service,
    cellBlockCodecClass: KEY_VALUE_CODEC,
  })
  const length = Buffer.alloc(4)
  length.writeUInt32BE(header.length)
  return Buffer.concat([PREAMBLE, length, header])
}

/** A request whose parameter and cell block are still to be written to `buf`. */
export interface OpenFrame {
  buf: Buffer
  /** where the parameter begins; the cell block follows it */
  at: number
}

function headerBytes(callId: number, method: string, cellBytes: number, timeoutMs: number): number {
  const meta = cellBytes === 0 ? 0 : 3 + varintBytes(cellBytes)
  return 1 + varintBytes(callId) + 2 + method.length + 2 + meta + 1 + varintBytes(timeoutMs)
}

/** A frame of exactly the size needed, its headers written. */
export function openFrame(
  callId: number,
  method: string,
  paramBytes: number,
  cellBytes: number,
  timeoutMs: number,
  buffers: FrameBuffers,
): OpenFrame {
  const header = headerBytes(callId, method, cellBytes, timeoutMs)
  const length = varintBytes(header) + header + varintBytes(paramBytes) + paramBytes + cellBytes
  const buf = buffers.take(4 + length)
  let at = buf.writeUInt32BE(length)
  at = writeVarint(buf, at, header)
  buf[at++] = CALL_ID
  at = writeVarint(buf, at, callId)
  buf[at++] = METHOD_NAME
  at = writeVarint(buf, at, method.length)
  at += buf.write(method, at, 'latin1')
  buf[at++] = REQUEST_PARAM
  buf[at++] = 1
  if (cellBytes > 0) {
    buf[at++] = CELL_BLOCK_META
    at = writeVarint(buf, at, 1 + varintBytes(cellBytes))
    buf[at++] = CELL_BLOCK_LENGTH
    at = writeVarint(buf, at, cellBytes)
  }
  buf[at++] = TIMEOUT
  at = writeVarint(buf, at, timeoutMs)
  return { buf, at: writeVarint(buf, at, paramBytes) }
}

/** A request without cell block. */
export function requestFrame(
  callId: number,
  method: string,
  param: Uint8Array,
  timeoutMs: number,
  buffers: FrameBuffers,
): Buffer {
  const { buf, at } = openFrame(callId, method, param.length, 0, timeoutMs, buffers)
  buf.set(param, at)
  return buf
}

/** An answer's parts; views of the frame. */
export interface AnswerFrame {
  header: ResponseHeader
  param: Buffer
  cells: Buffer
}

const NOTHING = Buffer.alloc(0)

/** @param frame without its length */
export function decodeAnswer(frame: Buffer): AnswerFrame {
  let at = 0
  const part = (): Buffer => {
    let n = 0
    let byte: number
    let scale = 1
    do {
      if (at >= frame.length || scale > 2 ** 28) throw new RangeError('an answer of HBase ends in the middle')
      byte = frame[at++]
      n += (byte & 0x7f) * scale
      scale *= 128
    } while (byte > 127)
    if (at + n > frame.length) throw new RangeError('an answer of HBase ends in the middle')
    return frame.subarray(at, (at += n))
  }
  const header = responseHeader.decode(part())
  const param = at < frame.length ? part() : NOTHING
  return { header, param, cells: frame.subarray(at) }
}
