import type { Plain } from '../../test/builders/thrift-idl.js'
import type { MixFigures } from './mix.js'

/** A span or chunk with its size on the wire, and how often it comes. */
export interface Counted {
  message: string
  body: Plain
  bytes: number
  weight: number
}

/** Events of a span or chunk. */
export function eventsOf(body: Plain): Plain[] {
  return (body.spanEventList ?? []) as Plain[]
}

/** What a set of spans and chunks is like. */
export function figuresOf(datagrams: readonly Counted[]): MixFigures {
  const weigh = (of: readonly Counted[], by: (d: Counted) => number): number =>
    of.reduce((sum, d) => sum + d.weight * by(d), 0)
  const histogram = (of: readonly Counted[]): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (const { body, weight } of of) {
      const n = eventsOf(body).length
      counts[n] = (counts[n] ?? 0) + weight
    }
    return counts
  }
  const spans = datagrams.filter((d) => d.message === 'TSpan')
  const chunks = datagrams.filter((d) => d.message === 'TSpanChunk')
  const events = weigh(datagrams, ({ body }) => eventsOf(body).length)
  const eventsWith = (field: string): number =>
    weigh(datagrams, ({ body }) => eventsOf(body).filter((e) => e[field] !== undefined && e[field] !== -1).length)
  const share = (part: number, of: number): number => Math.round((part / Math.max(1, of)) * 10_000) / 10_000
  return {
    spans: weigh(spans, () => 1),
    chunks: weigh(chunks, () => 1),
    meanBytes:
      Math.round(
        (weigh(datagrams, (d) => d.bytes) /
          Math.max(
            1,
            weigh(datagrams, () => 1),
          )) *
          10,
      ) / 10,
    eventsOfSpans: histogram(spans),
    eventsOfChunks: histogram(chunks),
    spanErrorRate: share(
      weigh(spans, ({ body }) => (body.err === 1 ? 1 : 0)),
      weigh(spans, () => 1),
    ),
    eventErrorRate: share(eventsWith('exceptionInfo'), events),
    rpcRate: share(eventsWith('nextSpanId'), events),
  }
}
