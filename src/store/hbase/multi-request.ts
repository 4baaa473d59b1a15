import { CELL_HEAD, ROW_CELLS_AT, ROW_END, ROW_INTS, ROW_KEY_AT, ROW_TABLE } from '../../row/row-batch.js'
import { KEY_FRAME_BYTES, TYPE_PUT } from './cell-block.js'
import type { FrameBuffers } from './frame-buffers.js'
import { FAMILY_NAMES, type MutationRows } from './mutation-rows.js'
import type { Region } from './region.js'
import { openFrame } from './rpc-frame.js'
import { varintBytes, writeVarint } from './varint.js'

// MultiRequest  => regionAction=1:RegionAction*  nonceGroup=2:varint
// RegionAction  => region=1:RegionSpecifier  action=3:Action*
// Action        => index=1:varint (the row's number in the batch; the answer names it)  mutation=2:MutationProto
// MutationProto => mutate_type=2:varint  associated_cell_count=8:varint  nonce=9:varint
//
// The cells themselves are the frame's cell block, in the order of the actions. New values of counters come back, unread:
// asked to leave them out (attribute _rr_), HBase 1.2 leaves out the answer to the action too.

const REGION_ACTION = 0x0a
const NONCE_GROUP = 0x10
const REGION = 0x0a
const ACTION = 0x1a
const INDEX = 0x08
const MUTATION = 0x12
const MUTATE_TYPE = 0x10
const CELL_COUNT = 0x40
const NONCE = 0x48
const TYPE_OF = { increment: 1, put: 2 }
/** HConstants.LATEST_TIMESTAMP: the server's time. */
const LATEST_HIGH = 0x7fffffff
const LATEST_LOW = 0xffffffff
const TWO_32 = 0x1_0000_0000
/** Shorter ranges are copied faster by a loop. */
const LOOP_BYTES = 96

/** Rows of one region, by their number. */
export interface RegionRows {
  region: Region
  rows: number[]
}

function mutationBytes(source: MutationRows, row: number): number {
  const base = 3 + varintBytes(source.cellCounts[row])
  return source.nonces === null ? base : base + 1 + varintBytes(source.nonces[row])
}

function actionBytes(row: number, mutation: number): number {
  return 2 + varintBytes(row) + varintBytes(mutation) + mutation
}

function regionActionBytes(source: MutationRows, part: RegionRows): number {
  const specifier = part.region.specifier.length
  let bytes = 1 + varintBytes(specifier) + specifier
  for (const row of part.rows) {
    const action = actionBytes(row, mutationBytes(source, row))
    bytes += 1 + varintBytes(action) + action
  }
  return bytes
}

/** The whole frame of a Multi call. */
export function multiFrame(
  source: MutationRows,
  parts: readonly RegionRows[],
  nonceGroup: number,
  callId: number,
  timeoutMs: number,
  buffers: FrameBuffers,
): Buffer {
  const sizes: number[] = []
  let paramBytes = source.nonces === null ? 0 : 1 + varintBytes(nonceGroup)
  let cellBytes = 0
  for (const part of parts) {
    const size = regionActionBytes(source, part)
    sizes.push(size)
    paramBytes += 1 + varintBytes(size) + size
    for (const row of part.rows) cellBytes += source.blockBytes[row]
  }
  const frame = openFrame(callId, 'Multi', paramBytes, cellBytes, timeoutMs, buffers)
  const { buf } = frame
  let at = frame.at
  for (let i = 0; i < parts.length; i++) at = writeRegionAction(buf, at, source, parts[i], sizes[i])
  if (source.nonces !== null) {
    buf[at++] = NONCE_GROUP
    at = writeVarint(buf, at, nonceGroup)
  }
  for (const part of parts) for (const row of part.rows) at = writeCells(buf, at, source, row)
  return buf
}

function writeRegionAction(buf: Buffer, at: number, source: MutationRows, part: RegionRows, size: number): number {
  const { specifier } = part.region
  const type = TYPE_OF[source.kind]
  buf[at++] = REGION_ACTION
  at = writeVarint(buf, at, size)
  buf[at++] = REGION
  at = writeVarint(buf, at, specifier.length)
  buf.set(specifier, at)
  at += specifier.length
  for (const row of part.rows) {
    const mutation = mutationBytes(source, row)
    buf[at++] = ACTION
    at = writeVarint(buf, at, actionBytes(row, mutation))
    buf[at++] = INDEX
    at = writeVarint(buf, at, row)
    buf[at++] = MUTATION
    at = writeVarint(buf, at, mutation)
    buf[at++] = MUTATE_TYPE
    buf[at++] = type
    buf[at++] = CELL_COUNT
    at = writeVarint(buf, at, source.cellCounts[row])
    if (source.nonces !== null) {
      buf[at++] = NONCE
      at = writeVarint(buf, at, source.nonces[row])
    }
  }
  return at
}

function writeU32(target: Buffer, at: number, v: number): number {
  target[at] = v >>> 24
  target[at + 1] = v >>> 16
  target[at + 2] = v >>> 8
  target[at + 3] = v
  return at + 4
}

function copy(target: Buffer, at: number, src: Buffer, from: number, end: number): number {
  if (end - from > LOOP_BYTES) return at + src.copy(target, at, from, end)
  while (from < end) target[at++] = src[from++]
  return at
}

/** One row in the form of cell-block.ts. */
function writeCells(target: Buffer, at: number, source: MutationRows, row: number): number {
  const src = source.buf
  const slot = row * ROW_INTS
  const families = FAMILY_NAMES[source.rows[slot + ROW_TABLE]]
  const keyAt = source.rows[slot + ROW_KEY_AT]
  const cellsAt = source.rows[slot + ROW_CELLS_AT]
  const end = source.rows[slot + ROW_END]
  const keyBytes = cellsAt - keyAt
  const time = source.times === null ? 0 : source.times[row]
  const timeHigh = source.times === null ? LATEST_HIGH : Math.floor(time / TWO_32)
  const timeLow = source.times === null ? LATEST_LOW : time % TWO_32
  let from = cellsAt
  while (from < end) {
    const family = families[src[from]]
    const qualifierAt = from + CELL_HEAD
    const valueLengthAt = qualifierAt + ((src[from + 1] << 8) | src[from + 2])
    const valueAt = valueLengthAt + 4
    const value = src.readUInt32BE(valueLengthAt)
    const key = KEY_FRAME_BYTES + keyBytes + family.length + valueLengthAt - qualifierAt
    at = writeU32(target, at, 8 + key + value)
    at = writeU32(target, at, key)
    at = writeU32(target, at, value)
    target[at++] = keyBytes >>> 8
    target[at++] = keyBytes
    at = copy(target, at, src, keyAt, cellsAt)
    target[at++] = family.length
    at = copy(target, at, family, 0, family.length)
    at = copy(target, at, src, qualifierAt, valueLengthAt)
    at = writeU32(target, at, timeHigh)
    at = writeU32(target, at, timeLow)
    target[at++] = TYPE_PUT
    from = valueAt + value
    at = copy(target, at, src, valueAt, from)
  }
  return at
}
