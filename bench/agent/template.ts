import { encodeMessage } from '../../test/builders/thrift-encode.js'
import type { Plain, PlainValue } from '../../test/builders/thrift-idl.js'
import { AGENT_ID_BYTES, type Identity, identity } from './identity.js'
import type { MixMessage } from './mix.js'
import {
  FIRST_SEQUENCE,
  readZigzag,
  SEQUENCE_BYTES,
  SPAN_ID_BYTES,
  TIME_BYTES,
  writeSpanId,
  writeTime,
  writeVarint,
} from './varint.js'

// A template is a datagram encoded once, by the thrift package, of which every sending writes some places anew:
//
//   transactionId => 00 agent start sequence     agent: 01 (the sender), or twice its length and its bytes

type Kind = 'span' | 'chunk' | 'stat'

/** What is written at a place. */
const AGENT = 0
const APPLICATION = 1
const START_FIELD = 2
const START_PLAIN = 3
const SEQUENCE = 4
const TIME = 5
/** and the span's number in its trace */
const SPAN = 6

export interface Template {
  kind: Kind
  bytes: Buffer
  /** what, where, what, where… */
  places: Int32Array
  /** events it carries, which become cells */
  events: number
}

/** Values that stand for what is patched; their bytes occur nowhere else. */
const MARK_AGENT = 77_777
const MARKS: Identity = identity(MARK_AGENT, 1_712_345_678_901)
const MARK_SEQUENCE = FIRST_SEQUENCE + 123_456_789
const MARK_TIME = 1_723_456_789_012
const MAX_SPANS = 64

function spanMark(n: number): Buffer {
  const bytes = Buffer.alloc(SPAN_ID_BYTES)
  writeSpanId(bytes, 0, MARK_AGENT, MARK_SEQUENCE, n)
  return bytes
}

function varint(value: number, bytes: number): Buffer {
  const out = Buffer.alloc(bytes)
  writeVarint(out, 0, value, bytes)
  return out
}

const SEQUENCE_MARK = varint(MARK_SEQUENCE, SEQUENCE_BYTES)
const TIME_MARK = Buffer.alloc(TIME_BYTES)
writeTime(TIME_MARK, 0, MARK_TIME)
const AGENT_IN_ID = Buffer.concat([Buffer.of(2 * AGENT_ID_BYTES), MARKS.idBytes])

function transaction(agent: Buffer): Plain {
  return { $hex: Buffer.concat([Buffer.of(0), agent, MARKS.startPlain, SEQUENCE_MARK]).toString('hex') }
}

/** What the marks of mix.json become before they are encoded, or for a request of that agent. */
function valueOfMark(mark: string, own: Identity): PlainValue {
  if (mark === '@agent') return own.agentId
  if (mark === '@application') return own.applicationName
  if (mark === '@start') return own.startTime
  if (mark === '@time') return MARK_TIME
  if (mark === '@transaction') return transaction(Buffer.of(1))
  if (mark === '@transaction-agent') return transaction(AGENT_IN_ID)
  if (mark.startsWith('@span')) return readZigzag(spanMark(Number(mark.slice('@span'.length)))).toString()
  throw new Error(`mix.json has an unknown mark ${mark}`)
}

/** A body of the mix with its marks filled in. */
export function filled(value: PlainValue, own: Identity): PlainValue {
  if (typeof value === 'string') return value.startsWith('@') ? valueOfMark(value, own) : value
  if (Array.isArray(value)) return value.map((v) => filled(v, own))
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, filled(v, own)]))
}

function find(bytes: Buffer, mark: Buffer, what: number, places: number[]): void {
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) places.push(what, at)
}

const KINDS: Partial<Record<MixMessage['message'], Kind>> = {
  TSpan: 'span',
  TSpanChunk: 'chunk',
  TAgentStatBatch: 'stat',
}

export function templateOf({ message, body }: MixMessage): Template {
  const kind = KINDS[message]
  if (kind === undefined) throw new Error(`${message} goes over TCP`)
  const bytes = encodeMessage(message, filled(body, MARKS) as Plain)
  const places: number[] = []
  find(bytes, MARKS.idBytes, AGENT, places)
  find(bytes, MARKS.applicationBytes, APPLICATION, places)
  find(bytes, MARKS.startField, START_FIELD, places)
  find(bytes, MARKS.startPlain, START_PLAIN, places)
  find(bytes, TIME_MARK, TIME, places)
  for (let n = 0; n < MAX_SPANS; n++) find(bytes, spanMark(n), SPAN + n, places)
  find(bytes, Buffer.concat([MARKS.startPlain, SEQUENCE_MARK]), SEQUENCE, places)
  for (let i = 0; i < places.length; i += 2) if (places[i] === SEQUENCE) places[i + 1] += TIME_BYTES
  return { kind, bytes, places: Int32Array.from(places), events: ((body.spanEventList ?? []) as Plain[]).length }
}

/** Makes the datagram that of this agent's trace, now. @param now ms */
export function patch({ bytes, places }: Template, own: Identity, sequence: number, now: number): void {
  for (let i = 0; i < places.length; i += 2) {
    const at = places[i + 1]
    const what = places[i]
    if (what >= SPAN) writeSpanId(bytes, at, own.number, sequence, what - SPAN)
    else if (what === SEQUENCE) writeVarint(bytes, at, sequence, SEQUENCE_BYTES)
    else if (what === TIME) writeTime(bytes, at, now)
    else if (what === AGENT) bytes.set(own.idBytes, at)
    else if (what === APPLICATION) bytes.set(own.applicationBytes, at)
    else bytes.set(what === START_FIELD ? own.startField : own.startPlain, at)
  }
}
