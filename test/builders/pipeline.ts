import { Accounting } from '../../src/accounting.js'
import { AgentRegistry } from '../../src/agents.js'
import { CounterMap } from '../../src/aggregate/counter-map.js'
import { CounterFlusher } from '../../src/aggregate/flusher.js'
import { HostMapCache } from '../../src/aggregate/host-map-cache.js'
import { Batcher } from '../../src/batch/batcher.js'
import type { BatcherOptions } from '../../src/batch/batcher-options.js'
import { Spill, type SpillOptions } from '../../src/batch/spill/spill.js'
import { Dispatcher } from '../../src/dispatcher.js'
import { MapContext } from '../../src/handler/context.js'
import type { PlainRow } from '../../src/row/row-batch.js'
import { ACCEPTED } from './pipeline-messages.js'
import { FakeStore } from './pipeline-store.js'
import { cellLines, incrementLines } from './rows.js'
import { encodeMessage } from './thrift-encode.js'
import type { Plain } from './thrift-idl.js'

export interface PipelineOptions extends Partial<BatcherOptions> {
  maxCounterBytes?: number
  maxHosts?: number
  maxAgents?: number
  flushPeriodMs?: number
  spill?: SpillOptions
}

/** Everything from the sockets to the store, with a clock that stands and a store that records. */
export interface TestPipeline {
  readonly accounting: Accounting
  readonly counters: CounterMap
  readonly batcher: Batcher
  readonly flusher: CounterFlusher
  readonly agents: AgentRegistry
  readonly dispatcher: Dispatcher
  readonly store: FakeStore
  readonly warnings: string[]
  /** null: there is none; open() it first */
  readonly spill: Spill | null
  /** ms; set it to let time pass */
  clock: { now: number }
  /** encodes a message and hands it to its port */
  give(name: string, plain: Plain, done?: (error: Error | null) => void): void
  /** rows that wait in the open batch */
  rows(): PlainRow[]
  /** cells of the open batch and counters, as lines; the counters are taken out */
  lines(): string[]
}

const TINY: BatcherOptions = {
  flushIntervalMs: 1,
  maxBatchBytes: 1 << 20,
  maxQueueBytes: 1 << 26,
  maxMessageBytes: 1 << 23,
  retryInitialMs: 1,
  retryMaxMs: 2,
}

export const SEQUENCE_LIMIT = 10_000
const FROM = { address: '192.0.2.1' }
const PORTS: Record<string, 'span' | 'stat'> = {
  TSpan: 'span',
  TSpanChunk: 'span',
  TAgentStat: 'stat',
  TAgentStatBatch: 'stat',
}

export function pipeline(options: PipelineOptions = {}): TestPipeline {
  const accounting = new Accounting()
  const store = new FakeStore()
  const warnings: string[] = []
  const warn = (key: string, text: string): void => void warnings.push(`${key}: ${text}`)
  const clock = { now: ACCEPTED }
  const now = (): number => clock.now
  const batching = { ...TINY, ...options }
  const counters = new CounterMap(options.maxCounterBytes ?? 1 << 24, accounting, now)
  const log = {
    info: (_: unknown, text?: string) => warn('info', text ?? ''),
    warn: (_: unknown, text?: string) => warn('warn', text ?? ''),
  }
  const spill = options.spill === undefined ? null : new Spill(options.spill, accounting, log, warn)
  const period = options.flushPeriodMs ?? 1
  const flusher = new CounterFlusher(store, counters, period, batching, accounting, warn, () => {}, spill)
  const batcher = new Batcher(store, batching, accounting, warn, () => {}, spill)
  const hosts = new HostMapCache(options.maxHosts ?? 1000)
  const context = new MapContext(batcher.open, counters, hosts, accounting, SEQUENCE_LIMIT)
  const agents = new AgentRegistry(options.maxAgents ?? 1000)
  const dispatcher = new Dispatcher(context, batcher, agents, accounting, warn, now)
  return {
    accounting,
    counters,
    batcher,
    flusher,
    agents,
    dispatcher,
    store,
    warnings,
    spill,
    clock,
    give: (name, plain, done) => {
      const message = encodeMessage(name, plain)
      const port = PORTS[name]
      if (port === undefined) dispatcher.packet(message, FROM, done ?? null)
      else dispatcher.datagram(port, message, FROM)
    },
    rows: () => batcher.open.plain(),
    lines: () => [...cellLines(batcher.open.plain()), ...incrementLines(counters.take())],
  }
}

/** Fields that were left out, by reason. */
export function leftOut(p: TestPipeline): Record<string, number> {
  return Object.fromEntries(p.accounting.partial)
}

/** Drops other than none, by name. */
export function drops(p: TestPipeline): Record<string, number> {
  return Object.fromEntries(Object.entries(p.accounting.dropped).filter(([, n]) => n > 0))
}
