import type { Random } from './thrift-random.js'

// Packets that no agent sends, made of packets that agents sent. The same seed gives the same packets.

const MAX_DATAGRAM = 65_507
const MAX_FLIPS = 8
const MAX_INSERTED = 40
const MAX_GARBAGE = 1_500
const SIGNATURE = 0xef
const TYPE_AT = 2
/** type 400: a datagram of several messages, where one packet is not one message */
const CHUNK_HIGH = 0x01
const CHUNK_LOW = 0x90
const TYPES = [0, 10, 40, 50, 55, 56, 70, 80, 300, 310, 320, 330, 700, 65_535]
/** varints of huge sizes, and field heads of every type with them */
const GIANTS = [
  'ffffffff07',
  'ffffffff0f',
  '80808080808080808001',
  'ffffff7f',
  '18ffffffff07',
  '19fcffffffff07',
  '1bffffffff07cc',
]

type Mutation = (bytes: Buffer, r: Random) => Buffer

const garbage = (r: Random, n: number): Buffer => Buffer.from(Array.from({ length: n }, () => r.below(256)))

const MUTATIONS: readonly Mutation[] = [
  function flipBits(bytes, r) {
    const copy = Buffer.from(bytes)
    for (let n = 1 + r.below(MAX_FLIPS); n > 0 && copy.length > 0; n--) copy[r.below(copy.length)] ^= 1 << r.below(8)
    return copy
  },
  function cut(bytes, r) {
    return bytes.subarray(0, r.below(bytes.length))
  },
  function insert(bytes, r) {
    const at = r.below(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), garbage(r, 1 + r.below(MAX_INSERTED)), bytes.subarray(at)])
  },
  function remove(bytes, r) {
    const at = r.below(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + r.below(MAX_INSERTED))])
  },
  function wrongType(bytes, r) {
    const copy = Buffer.from(bytes)
    if (copy.length >= TYPE_AT + 2) copy.writeUInt16BE(r.pick(TYPES), TYPE_AT)
    return copy
  },
  function giantLength(bytes, r) {
    const at = Math.min(bytes.length, TYPE_AT + 2 + r.below(bytes.length))
    const giant = Buffer.from(r.pick(GIANTS), 'hex')
    return Buffer.concat([bytes.subarray(0, at), giant, bytes.subarray(at + (r.chance(0.5) ? giant.length : 0))])
  },
  function deepStructs(bytes, r) {
    const at = Math.min(bytes.length, TYPE_AT + 2)
    return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(1 + r.below(MAX_GARBAGE), 0x1c), bytes.subarray(at)])
  },
  function noise(_, r) {
    return garbage(r, r.below(MAX_GARBAGE))
  },
  function noiseBehindHeader(bytes, r) {
    return Buffer.concat([bytes.subarray(0, TYPE_AT + 2), garbage(r, r.below(MAX_GARBAGE))])
  },
]

/** A message of `from`, damaged; never one of type 400. */
export function mutated(from: readonly Buffer[], r: Random): Buffer {
  const bytes = r.pick(MUTATIONS)(r.pick(from), r).subarray(0, MAX_DATAGRAM)
  if (bytes[0] !== SIGNATURE || bytes[TYPE_AT] !== CHUNK_HIGH || bytes[TYPE_AT + 1] !== CHUNK_LOW) return bytes
  const copy = Buffer.from(bytes)
  copy[TYPE_AT] = 0
  return copy
}

const FRAME_TYPES = [
  0, 1, 2, 3, 5, 6, 10, 12, 14, 15, 17, 18, 20, 100, 110, 150, 151, 200, 201, 210, 211, 255, 32_767, -1,
]
const FRAME_LENGTHS = [-2_147_483_648, -1, 0, 1, 65_536, 16 * 1024 * 1024, 16 * 1024 * 1024 + 1, 2_147_483_647]
const FRAME_LENGTH_AT = 6

const FRAME_MUTATIONS: readonly Mutation[] = [
  ...MUTATIONS,
  function wrongFrameType(bytes, r) {
    const copy = Buffer.from(bytes)
    if (copy.length >= 2) copy.writeInt16BE(r.pick(FRAME_TYPES))
    return copy
  },
  function wrongFrameLength(bytes, r) {
    const copy = Buffer.from(bytes)
    if (copy.length >= FRAME_LENGTH_AT + 4) copy.writeInt32BE(r.pick(FRAME_LENGTHS), FRAME_LENGTH_AT)
    return copy
  },
]

/** A TCP packet of `from`, damaged anywhere, its type and length too. */
export function mutatedFrame(from: readonly Buffer[], r: Random): Buffer {
  return r.pick(FRAME_MUTATIONS)(r.pick(from), r)
}
