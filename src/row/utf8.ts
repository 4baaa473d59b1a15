import { isUtf8 } from 'node:buffer'

// Text from agents: Java decoded and encoded it again, so bytes that are no UTF-8 became U+FFFD.

/** Up to this many bytes a loop beats a call. */
export const SHORT = 128

/** Whether the slice is UTF-8; most are ASCII, which is found out without a call into C++. */
export function wellFormed(src: Uint8Array, at: number, n: number): boolean {
  const end = at + n
  if (n <= SHORT) {
    let all = 0
    for (let i = at; i < end; i++) all |= src[i]
    if (all < 0x80) return true
  }
  return isUtf8(src.subarray(at, end))
}

/** A surrogate, whole or cut off, that was encoded by itself: Java makes one U+FFFD of it, we would make one a byte. */
const SURROGATE = /\xed[\xa0-\xbf][\x80-\xbf]?/g

/** A copy with U+FFFD in the place of what is no UTF-8. */
export function repaired(src: Uint8Array, at: number, n: number): Buffer {
  const bytes = Buffer.from(src.buffer, src.byteOffset + at, n)
    .toString('latin1')
    .replace(SURROGATE, '\xff')
  return Buffer.from(Buffer.from(bytes, 'latin1').toString('utf8'))
}
