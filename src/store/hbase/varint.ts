// Protobuf's varint for whole numbers below 2^53: groups of 7 bits, the lowest first, the high bit = more follow.

export function varintBytes(v: number): number {
  let n = 1
  while (v > 127) {
    v = Math.floor(v / 128)
    n++
  }
  return n
}

/** Writes v at target[at]. @returns the place behind it */
export function writeVarint(target: Uint8Array, at: number, v: number): number {
  while (v > 0x7fffffff) {
    target[at++] = (v % 128) | 0x80
    v = Math.floor(v / 128)
  }
  while (v > 127) {
    target[at++] = v | 0x80
    v >>>= 7
  }
  target[at++] = v
  return at
}
