import { crc32 } from 'node:zlib'
import type { IncrementId } from '../../store/store.js'

// A segment is a header and records, in the order they were written:
//
//   segment => header record*
//   header  => magic:"PSPL" version:u8 0:u8[3] mark
//   mark    => ackedTo:u32 sentTo:u32 group:f64 first:f64 sentAt:f64 crc:u32       crc of all before it; IncrementId
//   record  => length:u32 count:u48 kind:u8 payloadCrc:u32 headCrc:u32 payload     length, crc: of payload as it is here
//
// All big-endian. `kind` with the bit PACKED: the payload is packed (packed-payload.ts). `count` is messages of a put,
// counts of an increment. `ackedTo`: records before this offset are done; `sentTo` (0: none): the records from there to
// this offset were given to the store, as one and under that id, with nobody knowing what became of them. The mark is
// written in place; one that is torn counts as a new one. A record that is torn ends its segment.

const MAGIC = 0x5053504c
/** Changes with the payloads, thus also with Table.id and the order of families, and with the way records are merged. */
const VERSION = 3
export const HEADER_BYTES = 44
/** Part of the header that is written in place. */
export const MARK_AT = 8
export const HEAD_BYTES = 19
const HEAD_CRC_AT = 15

export const PUT = 1
export const INCREMENT = 2
/** Set in the kind of a record with a packed payload. */
export const PACKED = 0x80

/** Records that the store may have, or not. */
export interface SentRecords {
  /** where the last of them ends */
  to: number
  id: IncrementId
}

/** How far a segment is replayed. */
export interface ReplayMark {
  ackedTo: number
  sent: SentRecords | null
}

const MARK_CRC_AT = HEADER_BYTES - MARK_AT - 4

export function writeMark({ ackedTo, sent }: ReplayMark): Buffer {
  const buf = Buffer.alloc(HEADER_BYTES - MARK_AT)
  buf.writeUInt32BE(ackedTo, 0)
  if (sent !== null) {
    buf.writeUInt32BE(sent.to, 4)
    buf.writeDoubleBE(sent.id.group, 8)
    buf.writeDoubleBE(sent.id.first, 16)
    buf.writeDoubleBE(sent.id.sentAt, 24)
  }
  buf.writeUInt32BE(crc32(buf.subarray(0, MARK_CRC_AT)), MARK_CRC_AT)
  return buf
}

function readMark(buf: Buffer): ReplayMark {
  if (crc32(buf.subarray(0, MARK_CRC_AT)) !== buf.readUInt32BE(MARK_CRC_AT)) return NEW_MARK
  const ackedTo = buf.readUInt32BE(0)
  const to = buf.readUInt32BE(4)
  if (to === 0) return { ackedTo, sent: null }
  const id = { group: buf.readDoubleBE(8), first: buf.readDoubleBE(16), sentAt: buf.readDoubleBE(24) }
  return { ackedTo, sent: { to, id } }
}

/** Of a segment with nothing in it. */
export const NEW_MARK: ReplayMark = { ackedTo: HEADER_BYTES, sent: null }

export function writeHeader(mark: ReplayMark): Buffer {
  const buf = Buffer.alloc(MARK_AT)
  buf.writeUInt32BE(MAGIC, 0)
  buf[4] = VERSION
  return Buffer.concat([buf, writeMark(mark)])
}

/** null: this is no segment of ours. */
export function readHeader(buf: Buffer): ReplayMark | null {
  if (buf.length < HEADER_BYTES || buf.readUInt32BE(0) !== MAGIC || buf[4] !== VERSION) return null
  return readMark(buf.subarray(MARK_AT))
}

/** What stands before a payload. */
export interface RecordHead {
  length: number
  count: number
  kind: number
  payloadCrc: number
}

export function writeHead(kind: number, count: number, payload: readonly Uint8Array[]): Buffer {
  const buf = Buffer.alloc(HEAD_BYTES)
  let length = 0
  let crc = 0
  for (const part of payload) {
    length += part.length
    crc = crc32(part, crc)
  }
  buf.writeUInt32BE(length, 0)
  buf.writeUIntBE(count, 4, 6)
  buf[10] = kind
  buf.writeUInt32BE(crc, 11)
  buf.writeUInt32BE(crc32(buf.subarray(0, HEAD_CRC_AT)), HEAD_CRC_AT)
  return buf
}

/** null: torn or damaged. */
export function readHead(buf: Buffer): RecordHead | null {
  if (buf.length < HEAD_BYTES || crc32(buf.subarray(0, HEAD_CRC_AT)) !== buf.readUInt32BE(HEAD_CRC_AT)) return null
  return {
    length: buf.readUInt32BE(0),
    count: buf.readUIntBE(4, 6),
    kind: buf[10],
    payloadCrc: buf.readUInt32BE(11),
  }
}

export function isIntact(head: RecordHead, payload: Buffer): boolean {
  return payload.length === head.length && crc32(payload) === head.payloadCrc
}
