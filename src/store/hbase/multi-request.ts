import { copyBytes, LOOP_BYTES, newView } from '../../row/byte-view.js'
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
  // not remembered: the buffer of a batch must not be held longer than the call
  const cells = { target: buf, to: newView(buf), src: source.buf, from: newView(source.buf) }
  for (const part of parts) for (const row of part.rows) at = writeCells(cells, at, source, row)
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

/** The two buffers of a frame's cell block, and views of them. */
interface CellCopy {
  target: Buffer
  to: DataView
  src: Buffer
  from: DataView
}

function copy({ target, to, src, from }: CellCopy, at: number, start: number, end: number): number {
  if (end - start > LOOP_BYTES) src.copy(target, at, start, end)
  else copyBytes(to, at, from, start, end - start)
  return at + end - start
}

/** One row in the form of cell-block.ts. */
function writeCells(cells: CellCopy, at: number, source: MutationRows, row: number): number {
  const { to, from: src } = cells
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
    const family = families[src.getUint8(from)]
    const qualifierAt = from + CELL_HEAD
    const valueLengthAt = qualifierAt + src.getUint16(from + 1)
    const valueAt = valueLengthAt + 4
    const value = src.getUint32(valueLengthAt)
    const key = KEY_FRAME_BYTES + keyBytes + family.length + valueLengthAt - qualifierAt
    to.setUint32(at, 8 + key + value)
    to.setUint32(at + 4, key)
    to.setUint32(at + 8, value)
    to.setUint16(at + 12, keyBytes)
    at = copy(cells, at + 14, keyAt, cellsAt)
    to.setUint8(at++, family.length)
    for (let i = 0; i < family.length; i++) to.setUint8(at++, family[i])
    at = copy(cells, at, qualifierAt, valueLengthAt)
    to.setUint32(at, timeHigh)
    to.setUint32(at + 4, timeLow)
    to.setUint8(at + 8, TYPE_PUT)
    from = valueAt + value
    at = copy(cells, at + 9, valueAt, from)
  }
  return at
}
