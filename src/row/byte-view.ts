// Bytes are moved and compared four at a time, through DataViews: a loop over single bytes of a Buffer costs 1.1 to 2.1 ns
// a byte in V8, a call of copy() or set() 60 ns whatever it moves, words 0.3 to 0.5 ns a byte (docs/performance-tried.md).

const NOTHING: Uint8Array = new Uint8Array(0)
const NO_VIEW: DataView = new DataView(NOTHING.buffer)

/** The high bit of each byte of a word: none is set in ASCII. */
export const NOT_ASCII = 0x80808080 | 0
export const WORD_BYTES = 4
/** Longer ranges are copied faster by a call. */
export const LOOP_BYTES = 256

let viewed = NOTHING
let view = NO_VIEW

/** All of these bytes. The last one is remembered, for a message is read in many slices. */
export function viewOf(bytes: Uint8Array): DataView {
  return bytes === viewed ? view : remember(bytes)
}

function remember(bytes: Uint8Array): DataView {
  viewed = bytes
  view = newView(bytes)
  return view
}

/** All of these bytes, remembered nowhere. */
export function newView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Lets go of the last bytes, which may be large. */
export function forgetView(): void {
  viewed = NOTHING
  view = NO_VIEW
}

/** Copies n bytes; the two places do not overlap. @returns all of them or-ed, see NOT_ASCII */
export function copyBytes(to: DataView, toAt: number, from: DataView, at: number, n: number): number {
  let all = 0
  let i = 0
  for (const words = n - WORD_BYTES; i <= words; i += WORD_BYTES) {
    const word = from.getInt32(at + i, true)
    to.setInt32(toAt + i, word, true)
    all |= word
  }
  for (; i < n; i++) {
    const byte = from.getUint8(at + i)
    to.setUint8(toAt + i, byte)
    all |= byte
  }
  return all
}

/** Whether the n bytes at a are those at b. */
export function sameBytes(v: DataView, a: number, b: number, n: number): boolean {
  let i = 0
  for (const words = n - WORD_BYTES; i <= words; i += WORD_BYTES)
    if (v.getInt32(a + i, true) !== v.getInt32(b + i, true)) return false
  for (; i < n; i++) if (v.getUint8(a + i) !== v.getUint8(b + i)) return false
  return true
}
