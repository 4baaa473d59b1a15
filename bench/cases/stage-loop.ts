import { readFileSync } from 'node:fs'
import { SPAN } from '../../src/thrift/message-type.js'
import { identity } from '../agent/identity.js'
import { readMix } from '../agent/mix.js'
import { patch, templateOf } from '../agent/template.js'
import { tracesToSend } from '../agent/traces.js'
import { FIRST_SEQUENCE } from '../agent/varint.js'
import { type RowFigures, rowFigures } from './row-figures.js'
import { RowMapper } from './row-mapper.js'

// The program of the cases `decode` and `rows`: no sockets, no store, one thread. What the kernel would give is made
// before, for many agents, so that caches do what they do in a collector.

export interface StageOrder {
  stage: 'decode' | 'rows'
  agents: number
  events: number | null
  seconds: number
}

export interface StageResult {
  datagrams: number
  spans: number
  cpuSeconds: number
  tookMs: number
  rssBytes: number
  /** null: the stage makes no rows */
  rows: RowFigures | null
}

const ROUNDS = 8
const WARM_UP_MS = 1_500
const BATCH_BYTES = 1 << 20
const LOOK_EVERY = 256

function datagrams(agents: number, events: number | null): Buffer[] {
  const run = Date.now()
  const names = Array.from({ length: agents }, (_, n) => identity(n, run))
  const round = tracesToSend(readMix(), events ?? undefined).map((trace) => trace.map(templateOf))
  const out: Buffer[] = []
  let sequence = FIRST_SEQUENCE
  for (let i = 0; i < ROUNDS; i++)
    for (const trace of round) {
      sequence++
      for (const template of trace) {
        patch(template, names[sequence % agents], sequence, run)
        out.push(Buffer.from(template.bytes))
      }
    }
  return out
}

/** Decodes, and for `rows` maps to rows of a batch that is then thrown away. @returns whether it was a span */
function stageOf(stage: StageOrder['stage']): (bytes: Buffer, now: number) => boolean {
  const mapper = new RowMapper()
  const { batch, counters } = mapper
  if (stage === 'decode') return (bytes) => mapper.decode(bytes) === SPAN
  return (bytes, now) => {
    const type = mapper.map(bytes, now)
    if (batch.bytes >= BATCH_BYTES) {
      batch.reset()
      counters.take()
    }
    return type === SPAN
  }
}

function run({ stage, agents, events, seconds }: StageOrder): StageResult {
  const all = datagrams(agents, events)
  const take = stageOf(stage)
  let next = 0
  const loop = (ms: number): StageResult => {
    const cpu = process.cpuUsage()
    const began = performance.now()
    let [done, spans, now] = [0, 0, Date.now()]
    for (;;) {
      if (take(all[next], now)) spans++
      if (++next === all.length) next = 0
      if (++done % LOOK_EVERY !== 0) continue
      now = Date.now()
      if (performance.now() - began >= ms) break
    }
    const { user, system } = process.cpuUsage(cpu)
    const tookMs = performance.now() - began
    return { datagrams: done, spans, cpuSeconds: (user + system) / 1e6, tookMs, rssBytes: rss(), rows: null }
  }
  loop(WARM_UP_MS)
  const result = loop(seconds * 1000)
  return stage === 'rows' ? { ...result, rows: rowFigures(new RowMapper(), all.slice(0, all.length / ROUNDS)) } : result
}

function rss(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? 0) * 1024
}

process.on('message', (order: StageOrder) => {
  process.send!(run(order), () => process.disconnect())
})
