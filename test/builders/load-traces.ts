import { bytesOf, type Session } from './load-session.js'
import { encodeMessage } from './thrift-encode.js'
import type { Plain } from './thrift-idl.js'
import { decodeMessage } from './thrift-snapshot.js'

// Recorded spans and chunks that never repeat: the sequence in the transaction id is a varint of five bytes, written
// anew into the datagram each time.

const SPAN = 40
const SPAN_CHUNK = 70
/** the smallest number of five varint bytes */
const FIRST_SEQUENCE = 2 ** 28
const SEQUENCE_BYTES = 5
/** sequences of one recorded session */
const SEQUENCES_A_ROUND = 4_096

interface Template {
  bytes: Buffer
  sequenceAt: number
  sequence: number
  isSpan: boolean
}

function writeSequence(bytes: Buffer, at: number, sequence: number): void {
  let rest = sequence
  for (let i = 0; i < SEQUENCE_BYTES; i++, rest = Math.floor(rest / 128))
    bytes[at + i] = (rest % 128) | (i < SEQUENCE_BYTES - 1 ? 0x80 : 0)
}

function readVarint(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0
  let end = at
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[end++]
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return { value, end }
  }
}

/** version 00, agent id (01: none, or 2n and n bytes), start, sequence */
function sequencePlace(id: Buffer): number {
  const agent = readVarint(id, 1)
  const start = agent.end + (agent.value === 1 ? 0 : agent.value / 2)
  return readVarint(id, start).end
}

function templateOf(datagram: Buffer): Template | undefined {
  const type = datagram.readUInt16BE(2)
  if (type !== SPAN && type !== SPAN_CHUNK) return undefined
  const name = type === SPAN ? 'TSpan' : 'TSpanChunk'
  const plain = decodeMessage(name, datagram).plain
  const id = Buffer.from((plain.transactionId as Plain).$hex as string, 'hex')
  const at = sequencePlace(id)
  const longer = Buffer.concat([id.subarray(0, at), Buffer.alloc(SEQUENCE_BYTES)])
  writeSequence(longer, at, FIRST_SEQUENCE)
  const bytes = encodeMessage(name, { ...plain, transactionId: { $hex: longer.toString('hex') } })
  return {
    bytes,
    sequenceAt: bytes.indexOf(longer) + at,
    sequence: readVarint(id, at).value % SEQUENCES_A_ROUND,
    isSpan: type === SPAN,
  }
}

/** An endless stream of the sessions' span datagrams, in their order, each round with transactions of its own. */
export class TraceStream {
  spans = 0
  chunks = 0
  private readonly templates: readonly Template[]
  private next = 0
  private round = 0

  constructor(sessions: readonly Session[]) {
    this.templates = bytesOf(sessions, 'span').flatMap((datagram) => templateOf(datagram) ?? [])
  }

  /** Datagrams that go with each span. */
  get datagramsASpan(): number {
    return this.templates.length / this.templates.filter((template) => template.isSpan).length
  }

  take(): Buffer {
    const { bytes, sequenceAt, sequence, isSpan } = this.templates[this.next]
    if (isSpan) this.spans++
    else this.chunks++
    const datagram = Buffer.from(bytes)
    writeSequence(datagram, sequenceAt, FIRST_SEQUENCE + this.round * SEQUENCES_A_ROUND + sequence)
    if (++this.next === this.templates.length) {
      this.next = 0
      this.round++
    }
    return datagram
  }
}
