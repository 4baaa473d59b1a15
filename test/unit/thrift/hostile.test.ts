import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { DecodeError } from '../../../src/errors.js'
import { CompactReader } from '../../../src/thrift/compact-reader.js'
import { readHeader } from '../../../src/thrift/header.js'
import { encodeStruct } from '../../builders/thrift-encode.js'
import { recorded, vectors } from '../../builders/thrift-fixtures.js'
import { STRUCTS } from '../../builders/thrift-idl.js'
import { type Random, random, randomStruct } from '../../builders/thrift-random.js'
import { decodeStruct, type Message, newMessage, readMessage, snapshot } from '../../builders/thrift-snapshot.js'

const CODES = new Set(['TRUNCATED', 'MALFORMED', 'TOO_DEEP', 'BAD_SIGNATURE'])

const messages = new Map<string, Message>(STRUCTS.map((s) => [s.name, newMessage(s.name)]))
const reader = new CompactReader()

/** Decodes buf[start..end) into one message for all calls. @returns where it ended or the error; with a ! what must not be */
function outcome(name: string, buf: Uint8Array, start: number, end: number, withHeader: boolean): string {
  try {
    reader.reset(buf, start, end)
    if (withHeader) readHeader(reader)
    readMessage(reader, name, messages.get(name))
    return `${reader.pos <= end ? '' : '!'}read to ${reader.pos - start} of ${end - start}`
  } catch (error) {
    if (!(error instanceof DecodeError)) return `!${error instanceof Error ? error.stack : error}`
    const good = CODES.has(error.code) && error.offset >= 0 && error.offset <= end - start && error.field !== ''
    return `${good ? '' : '!'}${error.code}: ${error.message}`
  }
}

const GUARD = 64
const arena = Buffer.alloc(GUARD + 70_000 + GUARD)

/** Decodes the bytes between two different surroundings, which must make no difference. @returns what is wrong, or ''. */
function judge(name: string, bytes: Uint8Array, withHeader: boolean, deep: boolean): string {
  const end = GUARD + bytes.length
  const seen: string[] = []
  const plain: unknown[] = []
  for (const around of [0x00, 0xff]) {
    arena.fill(around, 0, GUARD).fill(around, end, end + GUARD)
    arena.set(bytes, GUARD)
    seen.push(outcome(name, arena, GUARD, end, withHeader))
    if (deep && seen[0].startsWith('read')) plain.push(snapshot(name, messages.get(name), arena))
  }
  if (seen[0].startsWith('!') || seen[0] !== seen[1]) return `${name}: ${seen.join(' / ')}`
  return isDeepStrictEqual(plain[0], plain[1]) ? '' : `${name}: a slice leaves the message`
}

function mutate(bytes: Buffer, other: Buffer, r: Random): Buffer {
  const at = r.below(bytes.length)
  switch (r.below(5)) {
    case 0: {
      const copy = Buffer.from(bytes)
      for (let n = r.pick([1, 1, 2, 5]); n > 0; n--) copy[r.below(copy.length)] = r.below(256)
      return copy
    }
    case 1: {
      const copy = Buffer.from(bytes)
      copy[at] ^= 1 << r.below(8)
      return copy
    }
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + r.below(4))])
    case 3: {
      const big = Buffer.from(r.pick(['ffffffff0f', 'ffffffff07', 'ff', 'fc', 'f9', '80', '0c']), 'hex')
      return Buffer.concat([bytes.subarray(0, at), big, bytes.subarray(at)])
    }
    default:
      return Buffer.concat([bytes.subarray(0, at), other.subarray(r.below(other.length))])
  }
}

t.test('mutated messages decode to something or to a DecodeError, and nothing outside them is read', async (t) => {
  const r = random(11)
  const all = [...vectors(), ...recorded().filter((m) => m.bytes.length < 400)]
  const wrong: string[] = []
  let failed = 0
  for (let i = 0; i < 120_000 && wrong.length < 10; i++) {
    const m = r.pick(all)
    const bad = judge(m.message, mutate(m.bytes, r.pick(all).bytes, r), true, i % 10 === 0)
    if (bad !== '') wrong.push(bad)
    else if (!outcome(m.message, m.bytes, 0, m.bytes.length, true).startsWith('read')) failed++
  }
  t.strictSame(wrong, [])
  t.equal(failed, 0, 'a good message decodes after a bad one')
})

t.test('random bytes decode to something or to a DecodeError', async (t) => {
  const r = random(12)
  const wrong: string[] = []
  const results = new Set<string>()
  for (let i = 0; i < 80_000 && wrong.length < 10; i++) {
    const bytes = Buffer.alloc(r.below(48))
    // half of them look like fields: a small delta and a type that exists
    const fieldLike = i % 2 === 0
    for (let n = 0; n < bytes.length; n++) {
      bytes[n] = fieldLike && n % 3 === 0 ? (r.below(4) << 4) | r.below(13) : r.below(256)
    }
    const name = r.pick(STRUCTS).name
    const bad = judge(name, bytes, false, i % 10 === 0)
    if (bad !== '') wrong.push(bad)
    results.add(outcome(name, bytes, 0, bytes.length, false).split(/[: ]/)[0])
  }
  t.strictSame(wrong, [])
  t.ok(results.has('read') && results.has('TRUNCATED') && results.has('MALFORMED'), [...results].join())
})

function errorOf(name: string, bytes: Buffer, m: Message = newMessage(name)): DecodeError {
  try {
    decodeStruct(name, bytes, m)
  } catch (error) {
    if (error instanceof DecodeError) return error
    throw error
  }
  throw new Error(`${name} decodes`)
}

t.test('sizes beyond the message are refused before anything is made for them', async (t) => {
  const cases: [string, string, string][] = [
    ['a string of 2^31 - 1', 'TResult', '28ffffffff07'],
    ['a string of -1', 'TResult', '28ffffffff0f'],
    ['a list of structs of 2^31 - 1', 'TCommandThreadDumpResponse', '19fcffffffff07'],
    ['a list of structs of -1', 'TCommandThreadDumpResponse', '19fcffffffff0f'],
    ['a list of strings of 2^31 - 1', 'TServerMetaData', '29f8ffffffff07'],
    ['a list of i32 of 2^31 - 1', 'TActiveTraceHistogram', '39f5ffffffff07'],
    ['a list of i64 of 2^31 - 1', 'TCmdActiveThreadDump', '39f6ffffffff07'],
    ['an unknown list of 2^31 - 1', 'TResult', '59f3ffffffff07'],
    ['an unknown set of -1', 'TResult', '5af3ffffffff0f'],
    ['an unknown map of 2^31 - 1', 'TResult', '5bffffffff0733'],
    ['an unknown map of -1', 'TResult', '5bffffffff0f33'],
    ['an unknown string of 2^31 - 1', 'TResult', '58ffffffff07'],
    ['an unknown list of bools of 100', 'TResult', '59f16401'],
    ['an unknown map of bools of 100', 'TResult', '5b6411'],
  ]
  for (const [what, name, hex] of cases)
    t.equal(errorOf(name, Buffer.from(`${hex}0000`, 'hex')).code, 'TRUNCATED', what)
})

t.test('numbers of too many bytes and types that do not exist are MALFORMED', async (t) => {
  const cases: [string, string, string][] = [
    ['an i32 of 6 bytes', 'TIntStringValue', '1580808080800100'],
    ['an i64 of 11 bytes', 'TTransaction', '26808080808080808080800100'],
    ['an unknown i32 of 11 bytes', 'TResult', '55808080808080808080800100'],
    ['a field id of 6 bytes', 'TResult', '0580808080800100'],
    ['a field of type 13', 'TResult', '1d00'],
    ['a field of type 15', 'TResult', '1f00'],
    ['a list of type 0', 'TResult', '592000000000'],
    ['a list of type 14', 'TResult', '592e00000000'],
    ['a map of type 13', 'TResult', '5b01d30000'],
  ]
  for (const [what, name, hex] of cases) t.equal(errorOf(name, Buffer.from(hex, 'hex')).code, 'MALFORMED', what)
})

t.test('nesting is limited in unknown structs, lists, sets and maps', async (t) => {
  const nested: Record<string, (levels: number) => Buffer> = {
    structs: (n) => Buffer.from([...Array(n).fill(0x5c), ...Array(n + 1).fill(0)]),
    lists: (n) => Buffer.from([0x59, ...Array(n - 1).fill(0x19), 0x03, 0]),
    sets: (n) => Buffer.from([0x5a, ...Array(n - 1).fill(0x1a), 0x03, 0]),
    'maps in values': (n) =>
      Buffer.from([
        0x5b,
        ...Array(n - 1)
          .fill([1, 0x3b, 0])
          .flat(),
        0,
        0,
      ]),
    'maps in keys': (n) =>
      Buffer.from([
        0x5b,
        ...Array(n - 1)
          .fill([1, 0xb3])
          .flat(),
        0,
        ...Array(n - 1).fill(0),
        0,
      ]),
    'structs in lists': (n) => Buffer.from([...Array(n).fill([0x59, 0x1c]).flat(), ...Array(n + 1).fill(0)]),
  }
  for (const [what, make] of Object.entries(nested)) {
    t.strictSame(decodeStruct('TResult', make(12)), {}, `12 ${what}`)
    for (const levels of [40, 1000, 100_000])
      t.equal(errorOf('TResult', make(levels)).code, 'TOO_DEEP', `${levels} ${what}`)
  }
  t.strictSame(decodeStruct('TResult', nested.structs(32)), {}, '32 structs')
  t.equal(errorOf('TResult', nested.structs(33)).code, 'TOO_DEEP', '33 structs')
})

function varint(n: number): number[] {
  return n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)]
}

/** A field that is a list of that many elements, each of one zero byte. */
function listOfZeros(id: number, elementType: number, size: number): Buffer {
  return Buffer.concat([Buffer.from([0x09, id << 1, 0xf0 | elementType, ...varint(size)]), Buffer.alloc(size)])
}

const STOP = Buffer.from([0])

t.test('a byte can become an object only so often', async (t) => {
  const cases: [what: string, name: string, id: number, elementType: number, most: number][] = [
    ['structs', 'TCommandThreadDumpResponse', 1, 12, 100_000],
    ['strings', 'TServerMetaData', 2, 8, 1_000_000],
    ['i32', 'TActiveTraceHistogram', 3, 5, 1_000_000],
    ['i64', 'TCmdActiveThreadDump', 3, 6, 1_000_000],
  ]
  for (const [what, name, id, elementType, most] of cases) {
    const list = listOfZeros(id, elementType, most)
    const bytes = Buffer.concat([list, STOP])
    t.match(outcome(name, bytes, 0, bytes.length, false), /^read/, `${most} ${what}`)
    const one = listOfZeros(id, elementType, 1)
    t.equal(errorOf(name, Buffer.concat([list, one, STOP])).code, 'MALFORMED', `${most} and one more ${what}`)
  }
  const before = process.memoryUsage().heapUsed
  t.equal(errorOf('TCommandThreadDumpResponse', listOfZeros(1, 12, 16 << 20)).code, 'MALFORMED', '16 MiB of structs')
  t.ok(process.memoryUsage().heapUsed - before < 50e6, 'costs no memory')
})

t.test('a long list is not kept for the next message, wherever it stands', async (t) => {
  const r = new CompactReader()
  const m = newMessage('TAgentStatBatch')
  const read = (bytes: Buffer): void => {
    r.reset(bytes, 0, bytes.length)
    readMessage(r, 'TAgentStatBatch', m)
  }
  const monitors = Array.from({ length: 1000 }, () => ({}))
  const stackTrace = Array.from({ length: 1000 }, () => '')
  const threads = [{ lockedMonitors: monitors, stackTrace }, ...monitors]
  read(encodeStruct('TAgentStatBatch', { agentStats: [{}, { deadlock: { deadlockedThreadList: threads } }] }))
  const list = m.agentStats[1].deadlock.deadlockedThreadList
  t.equal(list.length, 1001)
  t.equal(list[0].lockedMonitors.length, 1000)
  read(encodeStruct('TAgentStatBatch', {}))
  t.equal(list.length, 64)
  t.equal(list[0].lockedMonitors.length, 64)
  t.ok(list[0].stackTraceSlices.length <= 64)
})

/** Everything that a consumer may look at without asking `set`: all but structs and what lies past a list's count. */
function scalars(m: Message): Record<string, unknown> {
  return Object.fromEntries(Object.entries(m).filter(([, v]) => typeof v !== 'object'))
}

t.test('a message that is used again has nothing of the one before', async (t) => {
  const r = random(13)
  const wrong: string[] = []
  for (const { name } of STRUCTS) {
    const used = newMessage(name)
    for (let i = 0; i < 40; i++) {
      const plain = randomStruct(name, r)
      const bytes = encodeStruct(name, plain)
      const fresh = newMessage(name)
      decodeStruct(name, bytes, fresh)
      // every third time the decoder breaks off in the middle first
      if (i % 3 === 0) errorOf(name, bytes.subarray(0, r.below(bytes.length)), used)
      if (!isDeepStrictEqual(decodeStruct(name, bytes, used), plain)) wrong.push(`${name} ${i}`)
      if (!isDeepStrictEqual(scalars(used), scalars(fresh))) wrong.push(`${name} ${i}: members`)
      decodeStruct(name, Buffer.from([0]), used)
      if (!isDeepStrictEqual(scalars(used), scalars(newMessage(name)))) wrong.push(`${name} ${i}: not empty`)
    }
  }
  t.strictSame(wrong, [])
})
