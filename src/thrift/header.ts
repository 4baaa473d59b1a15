import type { CompactReader } from './compact-reader.js'

// Message header (spec: wire.md §2.1):
//   v1 => ef 10 type:i16
//   v2 => ef 20 type:i16 n:i16 (keyLength:i16 key valueLength:i16 value)*n      n ≤ 64, lengths 1..1024
// A datagram of several messages begins with a header of type 400 that has no body (dispatcher.ts).

export const SIGNATURE = 0xef
export const VERSION_1 = 0x10
export const VERSION_2 = 0x20
const MAX_ENTITIES = 64
const MAX_ENTITY_BYTES = 1024

function u16(r: CompactReader): number {
  return (r.byte() << 8) | r.byte()
}

function skipEntityText(r: CompactReader): void {
  const n = u16(r)
  if (n < 1 || n > MAX_ENTITY_BYTES) r.fail('MALFORMED', `header text of ${n} bytes`)
  if (n > r.end - r.pos) r.fail('TRUNCATED', 'message ends too early')
  r.pos += n
}

/** Reads the header at the reader's place. @returns the type code; the reader stands at the struct */
export function readHeader(r: CompactReader): number {
  r.struct = 'Header'
  if (r.byte() !== SIGNATURE) r.fail('BAD_SIGNATURE', 'message does not begin with ef')
  const version = r.byte()
  const type = u16(r)
  if (version === VERSION_1) return type
  if (version !== VERSION_2) r.fail('BAD_SIGNATURE', `header version ${version.toString(16)} does not exist`)
  const n = u16(r)
  if (n > MAX_ENTITIES) r.fail('MALFORMED', `header with ${n} entities`)
  for (let i = 0; i < n; i++) {
    skipEntityText(r)
    skipEntityText(r)
  }
  return type
}
