import type { Salt } from './tables.js'

// Salting (spec: storage.md §1.2):
//   prefix => one byte, computed from the unsalted key
//   h      => 1; for each byte b: h = 31*h + signed(b), int32 overflow
//   whole  => |h| mod buckets, over the whole key
//   range  => (h & 0x7fffffff) mod buckets, over key bytes 0..end

/** The prefix byte of the key that stands at bytes[start..end). */
export function saltPrefix(salt: Salt, bytes: Uint8Array, start: number, end: number): number {
  const stop = salt.hash === 'whole' ? end : Math.min(end, start + salt.end)
  let h = 1
  for (let i = start; i < stop; i++) h = (Math.imul(31, h) + ((bytes[i] << 24) >> 24)) | 0
  if (salt.hash === 'whole') return h === -2147483648 ? 0 : (h < 0 ? -h : h) % salt.buckets
  return (h & 0x7fffffff) % salt.buckets
}

/** A copy of an unsalted key with its prefix in front; without a salt the key itself. */
export function saltedKey(salt: Salt | null, key: Uint8Array): Uint8Array {
  if (salt === null) return key
  const out = new Uint8Array(key.length + 1)
  out[0] = saltPrefix(salt, key, 0, key.length)
  out.set(key, 1)
  return out
}

/** The salts that keys without one, from start (inclusive) to stop, may have: one where it is computed of what they share. */
export function saltsOf(salt: Salt, start: Uint8Array, stop: Uint8Array): number[] {
  const shared = salt.hash === 'range' && start.length >= salt.end && stop.length >= salt.end
  if (shared && Buffer.compare(start.subarray(0, salt.end), stop.subarray(0, salt.end)) === 0)
    return [saltPrefix(salt, start, 0, start.length)]
  return Array.from({ length: salt.buckets }, (_, i) => i)
}

/** Orders stored keys as if they had no salt. */
export function compareUnsalted(salt: Salt | null, a: Buffer, b: Buffer): number {
  return salt === null ? a.compare(b) : a.compare(b, 1, b.length, 1, a.length)
}
