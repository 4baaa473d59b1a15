import type { Plain } from '../../test/builders/thrift-idl.js'
import type { Mix, MixMessage, MixTrace } from './mix.js'
import { eventsOf } from './mix-figures.js'
import { shopTraces } from './shop.js'

/** An agent sends what it has as a chunk when it has so many events. */
const EVENT_BUFFER = 20
const SEED = 20_260_101

/** The same numbers at every run: mulberry32, from 0 to below 1. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Each trace as often as its weight says, shuffled. */
function roundOf(traces: readonly MixTrace[]): MixMessage[][] {
  const random = randomNumbers(SEED)
  const round = traces.flatMap(({ weight, datagrams }) => Array.from({ length: weight }, () => datagrams))
  for (let i = round.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[round[i], round[j]] = [round[j], round[i]]
  }
  return round
}

/** The span with so many recorded events, as an agent sends it: full buffers as chunks, the rest with the span. */
function cut(span: Plain, events: Plain[]): MixMessage[] {
  const { agentId, applicationName, agentStartTime, transactionId, spanId, endPoint, applicationServiceType } = span
  const common = { agentId, applicationName, agentStartTime, transactionId, spanId }
  const chunks: MixMessage[] = []
  let from = 0
  for (; events.length - from > EVENT_BUFFER; from += EVENT_BUFFER) {
    const body: Plain = { ...common, serviceType: 0, spanEventList: events.slice(from, from + EVENT_BUFFER) }
    if (endPoint !== undefined) body.endPoint = endPoint
    if (applicationServiceType !== undefined) body.applicationServiceType = applicationServiceType
    chunks.push({ message: 'TSpanChunk', body })
  }
  const { spanEventList: _, ...rest } = span
  const left = events.slice(from)
  chunks.push({ message: 'TSpan', body: left.length > 0 ? { ...rest, spanEventList: left } : rest })
  return chunks
}

/** Each recorded span once, with so many events instead of its own. */
function withEvents(round: readonly MixMessage[][], count: number): MixMessage[][] {
  const all = round.flat()
  const pool = all
    .flatMap(({ body }) => eventsOf(body))
    .filter((e) => e.asyncId === undefined && e.nextAsyncId === undefined)
  let next = 0
  return all
    .filter(({ message }) => message === 'TSpan')
    .map(({ body }) =>
      cut(
        body,
        Array.from({ length: count }, (_, sequence) => ({ ...pool[next++ % pool.length], sequence })),
      ),
    )
}

/** One round of traces to be sent again and again. @param events of each span; undefined: as in the shop's traffic */
export function tracesToSend(mix: Mix, events?: number): MixMessage[][] {
  return events === undefined ? roundOf(shopTraces(mix.traces)) : withEvents(roundOf(mix.traces), events)
}
