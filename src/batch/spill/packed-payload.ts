import { promisify } from 'node:util'
import { brotliCompressSync, brotliDecompress, constants } from 'node:zlib'

// packed => bytes:u32 brotli        bytes: of the payload that is in it, 1 to MAX_PACKED_BYTES

const decompress = promisify(brotliDecompress)

/** Larger payloads stay plain. It bounds what one record takes in memory, and how long a worker stands still for it: 2 to 20 ms. */
export const MAX_PACKED_BYTES = 4 * 1024 * 1024
const COUNT_BYTES = 4
/** The fastest that still looks at all bytes: on recorded spans both faster and smaller than deflate at its level 1. */
const QUALITY = 1

/** The parts of a payload in one piece; used again, for pages that are left to V8 stay until it is short of memory. */
let whole = Buffer.alloc(0)

/** null: it is to be stored as it is, since it would not get smaller or is too large. */
export function pack(payload: readonly Uint8Array[]): Uint8Array[] | null {
  const bytes = payload.reduce((sum, part) => sum + part.length, 0)
  if (bytes > MAX_PACKED_BYTES) return null
  if (bytes > whole.length) whole = Buffer.allocUnsafeSlow(Math.min(MAX_PACKED_BYTES, bytes + (bytes >>> 2)))
  let at = 0
  for (const part of payload) {
    whole.set(part, at)
    at += part.length
  }
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes }
  const brotli = brotliCompressSync(whole.subarray(0, bytes), { params })
  if (COUNT_BYTES + brotli.length >= bytes) return null
  const count = Buffer.allocUnsafe(COUNT_BYTES)
  count.writeUInt32BE(bytes, 0)
  return [count, brotli]
}

/** null: it is damaged. Never takes more memory than MAX_PACKED_BYTES, whatever it says of itself. */
export async function unpack(packed: Buffer): Promise<Buffer | null> {
  if (packed.length < COUNT_BYTES) return null
  const bytes = packed.readUInt32BE(0)
  if (bytes === 0 || bytes > MAX_PACKED_BYTES) return null
  try {
    // the byte more: or a second piece of memory is taken when the first is just full
    const options = { maxOutputLength: bytes, chunkSize: Math.max(constants.Z_MIN_CHUNK, bytes + 1) }
    const payload = await decompress(packed.subarray(COUNT_BYTES), options)
    return payload.length === bytes ? payload : null
  } catch {
    return null
  }
}
