import { crc32 } from 'node:zlib'

// A segment is a header and records, in the order they were written:
//
//   segment => header record*
//   header  => magic:"PSPL" version:u8 0:u8[3] ackedTo:u32 sentAt:f64 crc:u32      crc of ackedTo and sentAt
//   record  => length:u32 count:u48 kind:u8 payloadCrc:u32 headCrc:u32 payload     length of payload
//
// All big-endian. `count` is messages of a put, counts of an increment. `ackedTo`: records before this offset are done;
// `sentAt` (ms, 0: not): when the record there was given to the store with nobody knowing what became of it. The header
// is written in place; one that is torn counts as a new one. A record that is torn ends its segment.

const MAGIC = 0x5053504c
/** Changes with the payloads, thus also with Table.id and the order of families. */
const VERSION = 1
export const HEADER_BYTES = 24
/** Part of the header that is written in place. */
export const MARK_AT = 8
export const HEAD_BYTES = 19
const HEAD_CRC_AT = 15

export const PUT = 1
export const INCREMENT = 2

/** How far a segment is replayed. */
export interface ReplayMark {
  ackedTo: number
  sentAt: number
}

export function writeMark(mark: ReplayMark): Buffer {
  const buf = Buffer.alloc(HEADER_BYTES - MARK_AT)
  buf.writeUInt32BE(mark.ackedTo, 0)
  buf.writeDoubleBE(mark.sentAt, 4)
  buf.writeUInt32BE(crc32(buf.subarray(0, 12)), 12)
  return buf
}

export function writeHeader(mark: ReplayMark): Buffer {
  const buf = Buffer.alloc(MARK_AT)
  buf.writeUInt32BE(MAGIC, 0)
  buf[4] = VERSION
  return Buffer.concat([buf, writeMark(mark)])
}

/** null: this is no segment of ours. */
export function readHeader(buf: Buffer): ReplayMark | null {
  if (buf.length < HEADER_BYTES || buf.readUInt32BE(0) !== MAGIC || buf[4] !== VERSION) return null
  const mark = buf.subarray(MARK_AT)
  if (crc32(mark.subarray(0, 12)) !== mark.readUInt32BE(12)) return { ackedTo: HEADER_BYTES, sentAt: 0 }
  return { ackedTo: mark.readUInt32BE(0), sentAt: mark.readDoubleBE(4) }
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
