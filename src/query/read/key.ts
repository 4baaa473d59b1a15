import { NAME_WIDTH } from '../../row/transaction-id.js'
import { BadRequest } from '../bad-request.js'

// Pieces of row keys without their salt (spec: storage.md §1.1).

const HIGH = 0x1_0000_0000

/** A name padded with zeros, as keys have it; what is longer than any stored name finds nothing. */
export function padded(name: string): Buffer {
  const out = Buffer.alloc(NAME_WIDTH)
  const bytes = Buffer.from(name)
  if (bytes.length > NAME_WIDTH)
    throw new BadRequest('name_too_long', `"${name}" has more than ${NAME_WIDTH} bytes; no stored name has`)
  out.set(bytes)
  return out
}

/** 2^63-1 minus the time, so that new rows sort first. @param ms may be negative */
export function rev64(ms: number): Buffer {
  const out = Buffer.allocUnsafe(8)
  out.writeBigInt64BE(0x7fff_ffff_ffff_ffffn - BigInt(ms))
  return out
}

/** 2^63-1: behind every time of a name. */
export const LAST_TIME = Buffer.from('7fffffffffffffff', 'hex')

export function i16(n: number): Buffer {
  const out = Buffer.allocUnsafe(2)
  out.writeInt16BE(n)
  return out
}

export function i32(n: number): Buffer {
  const out = Buffer.allocUnsafe(4)
  out.writeInt32BE(n)
  return out
}

export function i64(n: number): Buffer {
  const out = Buffer.allocUnsafe(8)
  out.writeInt32BE(Math.floor(n / HIGH), 0)
  out.writeUInt32BE(((n % HIGH) + HIGH) % HIGH, 4)
  return out
}
