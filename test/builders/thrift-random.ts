import type { Field } from '../../tools/idl.js'
import { kindOf, type Plain, type PlainValue, structNamed } from './thrift-idl.js'

// Random messages that look for the edges of each type. The same seed gives the same messages.

export interface Random {
  /** 0 up to, not including, n */
  below(n: number): number
  pick<T>(from: readonly T[]): T
  chance(p: number): boolean
  shuffle<T>(list: readonly T[]): T[]
}

/** mulberry32 */
export function random(seed: number): Random {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x = (x + Math.imul(x ^ (x >>> 7), x | 61)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number): number => Math.floor(next() * n)
  return {
    below,
    pick: (from) => from[below(from.length)],
    chance: (p) => next() < p,
    shuffle: (list) => {
      const all = [...list]
      for (let i = all.length - 1; i > 0; i--) {
        const j = below(i + 1)
        ;[all[i], all[j]] = [all[j], all[i]]
      }
      return all
    },
  }
}

const { NaN: NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY, MAX_VALUE, MIN_VALUE, EPSILON } = Number
const DOUBLES = [0, -0, 1, -1, 0.1, 8, 2 ** 29, 2 ** 1023, NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY]
const MORE_DOUBLES = [MAX_VALUE, MIN_VALUE, EPSILON, 2 ** -1022, -1e-310]
const STRINGS = ['', 'a', 'agent-1', '가나다', 'ÿ', '😀 𝒳', '\0', 'x'.repeat(127), 'x'.repeat(128), '語'.repeat(6000)]
const SIZES = [0, 1, 2, 14, 15, 16, 300]

/** An integer of that many bits: an extreme, a power of two or a neighbour of one, or any. */
function integer(r: Random, bits: bigint): bigint {
  const extreme = 1n << (bits - 1n)
  const any = BigInt.asIntN(Number(bits), (BigInt(r.below(2 ** 32)) << 32n) | BigInt(r.below(2 ** 32)))
  const power = 1n << BigInt(r.below(Number(bits) - 1))
  return r.pick([0n, 1n, -1n, extreme - 1n, -extreme, power, power - 1n, -power, -power - 1n, any, any >> (bits / 2n)])
}

function plainInteger(r: Random, bits: bigint): PlainValue {
  const v = integer(r, bits)
  return Number.isSafeInteger(Number(v)) ? Number(v) : v.toString()
}

function randomValue(type: string, r: Random, room: Room): PlainValue {
  switch (kindOf(type)) {
    case 'bool':
      return r.chance(0.5)
    case 'byte':
      return plainInteger(r, 8n)
    case 'i16':
      return plainInteger(r, 16n)
    case 'i32':
      return plainInteger(r, 32n)
    case 'i64':
      return plainInteger(r, 64n)
    case 'double':
      return r.pick(r.chance(0.5) ? DOUBLES : MORE_DOUBLES)
    case 'string':
      return r.pick(room.elements > 320 ? STRINGS : STRINGS.slice(0, -1))
    case 'binary':
      return { $hex: Buffer.from(Array.from({ length: r.pick([0, 1, 17, 130]) }, () => r.below(256))).toString('hex') }
    case 'struct':
      return randomFields(type, r, room)
  }
}

/** How many list elements the message may still have, so that lists of lists stay small. */
interface Room {
  elements: number
}

function randomField(f: Field, r: Random, room: Room): PlainValue {
  if (!f.list) return randomValue(f.type, r, room)
  const size = r.pick(SIZES.filter((n) => n <= room.elements))
  room.elements -= size
  return Array.from({ length: size }, () => randomValue(f.type, r, room))
}

/** Any value of that field's type. */
export function randomFieldValue(f: Field, r: Random): PlainValue {
  return randomField(f, r, { elements: 20 })
}

function randomFields(name: string, r: Random, room: Room): Plain {
  const struct = structNamed(name)
  const fields = struct.union ? [r.pick(struct.fields)] : struct.fields
  const share = r.pick([0, 0.3, 0.7, 1])
  const plain: Plain = {}
  for (const f of fields) if (struct.union || r.chance(share)) plain[f.name] = randomField(f, r, room)
  return plain
}

/** A struct with random fields, absent ones among them; a union has exactly one. */
export function randomStruct(name: string, r: Random): Plain {
  return randomFields(name, r, { elements: 330 })
}

/** The same with every field that is not optional. */
export function fill(name: string, plain: Plain, r: Random): Plain {
  const full: Plain = {}
  for (const f of structNamed(name).fields) {
    const v = plain[f.name] ?? (f.optional ? undefined : randomFieldValue(f, r))
    if (v !== undefined) full[f.name] = v
  }
  return full
}
