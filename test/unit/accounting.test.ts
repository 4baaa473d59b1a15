import t from 'tap'
import { Accounting } from '../../src/accounting.js'
import { DROP_NAMES } from '../../src/drop-reasons.js'
import { StoreError } from '../../src/errors.js'
import type { Refusal } from '../../src/store/store.js'
import { MESSAGE_TYPES } from '../../src/thrift/message-type.js'
import { pipeline, type TestPipeline } from '../builders/pipeline.js'
import * as messages from '../builders/pipeline-messages.js'
import { settled } from '../builders/pipeline-store.js'
import { encodeMessage } from '../builders/thrift-encode.js'
import type { Plain } from '../builders/thrift-idl.js'
import { fill, type Random, random, randomStruct } from '../builders/thrift-random.js'

const MESSAGES = 20_000
const FROM = { address: '192.0.2.1' }

type Port = 'span' | 'stat' | 'tcp'

function sum(values: Iterable<number>): number {
  let all = 0
  for (const v of values) all += v
  return all
}

/** Messages of agents, and structs with any values. */
function samples(r: Random): [port: Port, message: Buffer][] {
  const good: [port: Port, name: string, plain: Plain][] = [
    ['span', 'TSpan', messages.ROOT_SPAN],
    ['span', 'TSpan', messages.BACK_SPAN],
    ['span', 'TSpan', messages.NO_DESTINATION_SPAN],
    ['span', 'TSpanChunk', messages.CHUNK],
    ['stat', 'TAgentStat', messages.AGENT_STAT],
    ['stat', 'TAgentStatBatch', { agentId: 'front-1', agentStats: [messages.AGENT_STAT, messages.SMALL_AGENT_STAT] }],
    ['tcp', 'TAgentInfo', messages.AGENT_INFO],
    ['tcp', 'TApiMetaData', messages.API],
    ['tcp', 'TSqlMetaData', messages.SQL],
    ['tcp', 'TStringMetaData', messages.STRING],
  ]
  const any = Array.from({ length: 300 }, (): (typeof good)[number] => {
    const [port, name, plain] = r.pick(good)
    const fields = fill(name, randomStruct(name, r), r)
    if (name === 'TSpan' || name === 'TSpanChunk') {
      fields.transactionId = r.pick([messages.TRANSACTION, messages.FRONT_TRANSACTION, { $hex: '00' }])
      if (r.chance(0.7)) fields.agentId = plain.agentId
      if (r.chance(0.7)) fields.applicationName = plain.applicationName
    }
    return [port, name, fields]
  })
  return [...good, ...good, ...any].map(([port, name, plain]) => [port, encodeMessage(name, plain)])
}

function mutated(r: Random, message: Buffer): Buffer {
  const copy = Buffer.from(message)
  const kind = r.below(10)
  if (kind < 6) return copy
  if (kind === 6) return copy.subarray(0, r.below(copy.length))
  for (let n = 1 + r.below(4); n > 0; n--) copy[kind === 7 ? r.below(4) : r.below(copy.length)] ^= 1 << r.below(8)
  return copy
}

/** Fails for now or for good, refuses single rows, answers late. */
async function failing(r: Random, rows: number): Promise<Refusal[]> {
  if (r.chance(0.5)) await settled()
  if (r.chance(0.15)) throw new StoreError('unavailable', 'away', true)
  if (r.chance(0.05)) throw new StoreError('corrupt', 'broken', false)
  if (r.chance(0.02)) throw new TypeError('a bug')
  const refused = new Set(Array.from({ length: r.pick([0, 0, 1, 5]) }, () => r.below(rows)))
  return rows === 0 ? [] : [...refused].map((row) => ({ row, reason: 'key_too_long', message: 'no' }))
}

t.test('the accounts of a random mix balance at every moment', async (t) => {
  const r = random(2026)
  const p = pipeline({
    maxBatchBytes: 20_000,
    maxQueueBytes: 300_000,
    maxCounterBytes: 100_000,
    maxMessageBytes: 100_000,
  })
  const { accounting, batcher, flusher, store } = p
  let beforeType = 0
  accounting.drop = (name, n = 1) => {
    beforeType += n
    Accounting.prototype.drop.call(accounting, name, n)
  }
  let gone = false
  store.onPut = (batch) => {
    if (gone) throw new StoreError('unavailable', 'away', true)
    return failing(r, batch.rowCount)
  }
  store.onIncrement = (batch) => failing(r, batch.length)
  let asked = 0
  let answered = 0

  const messagesBalance = (given: number): void => {
    const seen = sum(accounting.messages) + beforeType
    const ended = sum(accounting.stored) + sum(Object.values(accounting.dropped))
    if (seen !== given) t.equal(seen, given, 'every message is counted once')
    if (seen !== ended + accounting.inFlight) t.equal(seen, ended + accounting.inFlight, 'messages balance')
  }

  const all = samples(r)
  batcher.start()
  flusher.start()
  for (let i = 1; i <= MESSAGES; i++) {
    const [port, sample] = r.pick(all)
    const message = mutated(r, sample)
    // a chunk is several messages in one datagram
    if (message[2] === 0x01 && message[3] === 0x90) message[3] = 0x91
    if (port !== 'tcp') p.dispatcher.datagram(port, message, FROM)
    else if (p.dispatcher.packet(message, FROM, () => answered++)) asked++
    if (i % 1000 === 0) p.clock.now += 60_000
    // long enough for the queue to be full
    gone = i % 10_000 > 8000
    if (i % 20 === 0) await settled()
    messagesBalance(i)
  }
  gone = false
  await Promise.all([batcher.close(60_000), flusher.close(60_000)])
  messagesBalance(MESSAGES)
  t.equal(accounting.inFlight, 0)
  t.equal(batcher.bytes, 0)
  t.equal(answered, asked, 'every request that is owed an answer got one')

  const { taken, stored, dropped } = accounting.counts
  t.equal(taken, stored + dropped + flusher.pending)
  t.equal(flusher.pending, 0)
  const increments = sum(store.increments.flatMap((row) => row.columns.map((c) => c.delta)))
  t.equal(stored, increments, 'what counts as stored is what the store has')
  const written = store.rows.length + store.increments.length
  t.equal(sum(accounting.rowsWritten), written)
  reached(t, p, taken)
})

/** The mix must have gone every way. */
function reached(t: { ok(v: unknown, what: string): unknown }, { accounting }: TestPipeline, taken: number): void {
  const { stored, dropped } = accounting
  for (const [type, n] of stored.subarray(0, 8).entries()) t.ok(n > 50, `${MESSAGE_TYPES[type]}: ${n} stored`)
  const ways = ['truncated', 'malformed', 'badSignature', 'unknownType', 'unsupportedType', 'badTransactionId'] as const
  const more = ['nameTooLong', 'badStat', 'empty', 'queueFull', 'storeRefused'] as const
  for (const name of [...ways, ...more]) t.ok(dropped[name] > 0, `${name}: ${dropped[name]} dropped`)
  t.ok(taken > 5000, `${taken} counts`)
  t.ok(accounting.counts.dropped > 0, `${accounting.counts.dropped} counts dropped`)
  t.ok(sum(accounting.partial.values()) > 100, 'parts were left out')
  t.ok(accounting.rowsRetried.size > 5, 'rows were written again')
}

t.test('every way to lose a message has an account', async (t) => {
  const accounting = new Accounting()
  for (const name of DROP_NAMES) accounting.drop(name, 2)
  t.ok(Object.values(accounting.dropped).every((n) => n === 2))
  accounting.begin(0)
  accounting.begin(1)
  accounting.store(0)
  accounting.dropInFlight('storeFailed')
  t.strictSame([accounting.inFlight, accounting.stored[0], accounting.dropped.storeFailed], [0, 1, 3])
})
