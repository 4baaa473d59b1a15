// Numbers of variable length, where there is room: each function writes at `at` and returns the place behind it.
// A chain of them keeps that place in a register, where RowWriter goes back to its field for each.

/** var(int) */
export function putVar32(v: DataView, at: number, n: number): number {
  if (n < 0) return putVar64(v, at, -1, n)
  while (n > 0x7f) {
    v.setUint8(at++, (n & 0x7f) | 0x80)
    n >>>= 7
  }
  v.setUint8(at, n)
  return at + 1
}

/** var(long) */
export function putVar64(v: DataView, at: number, hi: number, lo: number): number {
  while (hi !== 0 || lo >>> 0 > 0x7f) {
    v.setUint8(at++, (lo & 0x7f) | 0x80)
    lo = (lo >>> 7) | (hi << 25)
    hi >>>= 7
  }
  v.setUint8(at, lo)
  return at + 1
}

/** svar(int) */
export function putSvar32(v: DataView, at: number, n: number): number {
  n = (n << 1) ^ (n >> 31)
  while (n >>> 0 > 0x7f) {
    v.setUint8(at++, (n & 0x7f) | 0x80)
    n >>>= 7
  }
  v.setUint8(at, n)
  return at + 1
}
