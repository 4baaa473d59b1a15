import { writeFileSync } from 'node:fs'
import { PacketType } from '../../src/receiver/frame.js'
import { bytesOf, readSession, type Session } from '../../test/builders/load-session.js'
import { type Plain, type PlainValue, TYPE_CODES } from '../../test/builders/thrift-idl.js'
import { decodeMessage } from '../../test/builders/thrift-snapshot.js'
import type { Mix, MixMessage, MixTrace } from './mix.js'
import { type Counted, eventsOf, figuresOf } from './mix-figures.js'

// Makes bench/agent/mix.json of the recorded sessions:   node dist/bench/agent/derive-mix.js
// Traces that differ in nothing but times and numbers of threads become one with a weight.

const SESSIONS = ['1.5.2', '1.8.5'] as const
const OUT = new URL('../../../bench/agent/mix.json', import.meta.url)
const STAT_PERIOD_SECONDS = 30
const PAYLOAD_AT = 10
const TYPE_AT = 2
/** bodies of each kind of request that are kept */
const REQUESTS_KEPT = 12
/** fields whose values make no trace another one */
const VARYING = new Set(['elapsed', 'startElapsed', 'endElapsed', 'asyncId', 'nextAsyncId'])

interface Recorded extends MixMessage {
  bytes: number
}

const NAMES = new Map(Object.entries(TYPE_CODES).map(([name, code]) => [code, name]))

function decoded(payload: Buffer): Recorded | undefined {
  const name = NAMES.get(payload.readUInt16BE(TYPE_AT))
  if (name === undefined) return undefined
  return { message: name as MixMessage['message'], body: decodeMessage(name, payload).plain, bytes: payload.length }
}

/** version 00, agent id (01: none, or 2n and n bytes), start, sequence */
function transactionOf(body: Plain): { key: string; hasAgent: boolean } {
  const id = Buffer.from((body.transactionId as Plain).$hex as string, 'hex')
  const hasAgent = id[1] !== 1
  return { key: id.subarray(hasAgent ? 2 + id[1] / 2 : 2).toString('hex'), hasAgent }
}

/** The trace's datagrams with marks in place of what is each trace's own. */
function marked(datagrams: readonly Recorded[]): Recorded[] {
  const spans = new Map<PlainValue, string>()
  const mark = (id: PlainValue | undefined): PlainValue | undefined => {
    if (id === undefined || id === -1) return id
    if (!spans.has(id)) spans.set(id, `@span${spans.size}`)
    return spans.get(id)
  }
  return datagrams.map(({ message, body, bytes }) => {
    const events = eventsOf(body).map((e) => ({
      ...e,
      ...(e.nextSpanId !== undefined && { nextSpanId: mark(e.nextSpanId)! }),
    }))
    const changed: Plain = {
      ...body,
      agentId: '@agent',
      applicationName: '@application',
      agentStartTime: '@start',
      transactionId: transactionOf(body).hasAgent ? '@transaction-agent' : '@transaction',
      spanId: mark(body.spanId)!,
      ...(body.parentSpanId !== undefined && { parentSpanId: mark(body.parentSpanId)! }),
      ...(body.startTime !== undefined && { startTime: '@time' }),
      ...(body.spanEventList !== undefined && { spanEventList: events }),
    }
    return { message, body: changed, bytes }
  })
}

function shape(datagrams: readonly MixMessage[]): string {
  return JSON.stringify(
    datagrams.map(({ message, body }) => [message, body]),
    (key, value: unknown) => (VARYING.has(key) ? undefined : value),
  )
}

function tracesOf(sessions: readonly Session[]): { traces: MixTrace[]; counted: Counted[] } {
  const byTransaction = new Map<string, Recorded[]>()
  for (const session of sessions) {
    for (const datagram of bytesOf([session], 'span')) {
      const m = decoded(datagram)
      if (m?.message !== 'TSpan' && m?.message !== 'TSpanChunk') continue
      const key = `${session.agent} ${transactionOf(m.body).key}`
      byTransaction.set(key, [...(byTransaction.get(key) ?? []), m])
    }
  }
  const traces = new Map<string, MixTrace>()
  const counted: Counted[] = []
  for (const datagrams of byTransaction.values()) {
    const trace = marked(datagrams)
    for (const d of trace) counted.push({ ...d, weight: 1 })
    const key = shape(trace)
    const known = traces.get(key)
    if (known) known.weight++
    else traces.set(key, { weight: 1, datagrams: trace.map(({ message, body }) => ({ message, body })) })
  }
  return { traces: [...traces.values()], counted }
}

const OWN = ['agentId', 'applicationName', 'agentStartTime', 'startTimestamp']

/** Marks for what is an agent's own, in a request or in a batch of stats and its samples. */
function markedAgent(body: Plain): Plain {
  const out: Plain = {}
  for (const [name, value] of Object.entries(body)) {
    if (name === 'agentId') out[name] = '@agent'
    else if (name === 'applicationName') out[name] = '@application'
    else if (OWN.includes(name)) out[name] = '@start'
    else if (name === 'timestamp') out[name] = '@time'
    else if (name === 'agentStats') out[name] = (value as Plain[]).map(markedAgent)
    else out[name] = value
  }
  return out
}

function requestsOf(sessions: readonly Session[]): Mix['requests'] {
  const bodies = new Map<MixMessage['message'], Plain[]>()
  for (const packet of bytesOf(sessions, 'packet', PacketType.request)) {
    const m = decoded(packet.subarray(PAYLOAD_AT))
    if (m !== undefined) bodies.set(m.message, [...(bodies.get(m.message) ?? []), markedAgent(m.body)])
  }
  return [...bodies].map(([message, all]) => ({
    message,
    recorded: all.length,
    bodies: Array.from(
      { length: Math.min(all.length, REQUESTS_KEPT) },
      (_, i) => all[Math.floor((i * all.length) / REQUESTS_KEPT)] ?? all[i],
    ),
  }))
}

const sessions = SESSIONS.map(readSession)
const { traces, counted } = tracesOf(sessions)
const mix: Mix = {
  from: SESSIONS.map((version) => `test/wire/session-${version}.json.gz`),
  figures: figuresOf(counted),
  traces,
  stats: sessions.flatMap((session) =>
    bytesOf([session], 'stat')
      .flatMap((datagram) => {
        const m = decoded(datagram)
        return m?.message === 'TAgentStatBatch' ? [{ message: m.message, body: markedAgent(m.body) }] : []
      })
      .slice(1, 2),
  ),
  statPeriodSeconds: STAT_PERIOD_SECONDS,
  requests: requestsOf(sessions),
}
const { traces: written, ...head } = mix
const lines = written.map((trace) => JSON.stringify(trace)).join(',\n')
writeFileSync(OUT, `${JSON.stringify(head).slice(0, -1)},"traces":[\n${lines}\n]}\n`)
console.log(`${traces.length} kinds of traces`, mix.figures)
