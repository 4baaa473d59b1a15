import { readFileSync } from 'node:fs'
import { kernelDrops } from '../../src/receiver/kernel-drops.js'
import type { Collector, CollectorPorts } from '../../test/builders/collector.js'
import { udpQueueBytes } from '../../test/builders/collector-usage.js'
import type { Counts } from '../measure/loss.js'
import type { Bucket } from '../measure/percentile.js'
import { sumOf, type Usage, usageWithChildren } from '../measure/usage.js'

/** What a collector tells of itself at one moment. */
export interface Look {
  counts: Counts
  /** null: it does not tell */
  gcSeconds: number | null
  /** of pinpoint_ack_seconds; empty: it does not tell */
  acknowledged: Bucket[]
}

/** A collector that is measured. */
export interface Target {
  readonly name: string
  readonly ports: Pick<CollectorPorts, 'tcp' | 'stat' | 'span'>
  usage(): Usage
  look(): Promise<Look>
  /** whether nothing waits in it any more, as far as it can be seen */
  idle(look: Look): boolean
}

const UDP_TYPES = ['TSpan', 'TSpanChunk', 'TAgentStatBatch']

/** Ours, which counts everything itself. */
export function ourTarget(collector: Collector): Target {
  const { stat, span } = collector.ports
  return {
    name: 'this collector',
    ports: collector.ports,
    usage: () => sumOf(collector.usage()),
    look: async () => {
      const m = await collector.metrics()
      const dropped = Object.fromEntries(Object.entries(m.drops()).filter(([place]) => !place.startsWith('kernel/')))
      const [statDrops, spanDrops] = await kernelDrops([stat, span])
      return {
        counts: {
          kernelDrops: statDrops + spanDrops,
          received: m.datagrams(),
          dropped,
          stored: UDP_TYPES.reduce((sum, type) => sum + m.sum('messages_stored_total', { type }), 0),
          inFlight: m.inFlight(),
        },
        gcSeconds: m.gcSeconds(),
        acknowledged: m.buckets('ack_seconds'),
      }
    },
    idle: ({ counts }) => counts.inFlight === 0,
  }
}

export interface OtherCollector {
  tcp: number
  stat: number
  span: number
  pid: number
  /** file in which the original counts the spans that it refused */
  log?: string
}

/** From "tcp=..,stat=..,span=..,pid=.." and, if one likes, "log=..". */
export function parseOther(text: string): OtherCollector {
  const pairs = new Map(text.split(',').map((pair): [string, string] => splitPair(pair)))
  const number = (name: string): number => {
    const value = Number(pairs.get(name))
    if (!Number.isInteger(value) || value <= 0)
      throw new Error(`--other needs ${name}=N: give "tcp=PORT,stat=PORT,span=PORT,pid=PID"`)
    return value
  }
  const log = pairs.get('log')
  return {
    tcp: number('tcp'),
    stat: number('stat'),
    span: number('span'),
    pid: number('pid'),
    ...(log !== undefined && { log }),
  }
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=')
  return at < 0 ? [pair, ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
}

/** The original logs "RejectedExecutionCount=N" of each of its executors, N growing by one hundred. */
export function refusedInLog(text: string): number {
  const highest = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [, head, count] = /^(.*)RejectedExecutionCount=(\d+)/.exec(line) ?? []
    if (head === undefined) continue
    // what is left without the time names the executor
    const executor = head.replace(/\d+/g, '')
    highest.set(executor, Math.max(highest.get(executor) ?? 0, Number(count)))
  }
  return [...highest.values()].reduce((sum, n) => sum + n, 0)
}

/** Another make, of which only the kernel and its log tell. */
export function otherTarget(other: OtherCollector): Target {
  return {
    name: `pid ${other.pid}`,
    ports: other,
    usage: () => usageWithChildren(other.pid),
    look: async () => {
      const [stat, span] = await kernelDrops([other.stat, other.span])
      const refused = other.log === undefined ? 0 : refusedInLog(readFileSync(other.log, 'utf8'))
      return {
        counts: { kernelDrops: stat + span, received: null, dropped: { refused }, stored: null, inFlight: null },
        gcSeconds: null,
        acknowledged: [],
      }
    },
    idle: () => udpQueueBytes(other.span) + udpQueueBytes(other.stat) === 0,
  }
}
