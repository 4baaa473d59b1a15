// Numbers that are written again and again into the same place, so each always takes the same number of bytes:
//
//   time      => zigzag or plain varint of 6 bytes: ms since 1970, from 2004 to 2039
//   sequence  => varint of 5 bytes, from 2^28 to 2^35
//   span id   => zigzag varint of 10 bytes: sequence (5 groups of 7 bits), agent (3), number in the trace (1), and 1

export const TIME_BYTES = 6
export const SEQUENCE_BYTES = 5
export const SPAN_ID_BYTES = 10
/** the smallest number of five varint bytes */
export const FIRST_SEQUENCE = 2 ** 28
const AGENT_AT = 5
const NUMBER_AT = 8
const MORE = 0x80

/** Writes the last group too with its MORE bit; the caller clears it, or goes on. */
function writeGroups(buf: Uint8Array, at: number, value: number, bytes: number): void {
  let rest = value
  for (let i = at; i < at + bytes; i++) {
    const low = rest & 0x7f
    buf[i] = low | MORE
    rest = (rest - low) / 128
  }
}

/** @param bytes that the value takes, neither more nor less */
export function writeVarint(buf: Uint8Array, at: number, value: number, bytes: number): void {
  writeGroups(buf, at, value, bytes)
  buf[at + bytes - 1] ^= MORE
}

/** The i64 of a time: zigzag doubles what is positive. */
export function writeTime(buf: Uint8Array, at: number, ms: number): void {
  writeVarint(buf, at, 2 * ms, TIME_BYTES)
}

/** The i64 of the n-th span of an agent's trace. */
export function writeSpanId(buf: Uint8Array, at: number, agent: number, sequence: number, n: number): void {
  writeGroups(buf, at, sequence, AGENT_AT)
  writeGroups(buf, at + AGENT_AT, agent, NUMBER_AT - AGENT_AT)
  buf[at + NUMBER_AT] = n | MORE
  buf[at + SPAN_ID_BYTES - 1] = 1
}

/** The number that a zigzag varint stands for. */
export function readZigzag(buf: Uint8Array): bigint {
  let value = 0n
  for (let i = buf.length - 1; i >= 0; i--) value = (value << 7n) | BigInt(buf[i] & 0x7f)
  return (value >> 1n) ^ -(value & 1n)
}
