import t from 'tap'
import { readMix } from '../../../bench/agent/mix.js'
import { type Counted, eventsOf, figuresOf } from '../../../bench/agent/mix-figures.js'
import { templateOf } from '../../../bench/agent/template.js'
import { tracesToSend } from '../../../bench/agent/traces.js'
import { bytesOf, readSession } from '../../builders/load-session.js'

const MIX = readMix()
const SPAN = 40
const SPAN_CHUNK = 70

// seven minutes of the sample shop, two agents of each version: 9,425 spans and chunks of 1.5.2, 9,834 of 1.8.5
const SHOP = { spanShare: 0.257, meanBytes: 526, medianBytes: 314, p90Bytes: 337, meanEvents: 15.5 }

t.test('what agents send in a round is like what the shop sent', async (t) => {
  const counted = tracesToSend(MIX)
    .flat()
    .map((m): Counted => ({ ...m, bytes: templateOf(m).bytes.length, weight: 1 }))
  const { meanBytes, spans, chunks } = figuresOf(counted)
  const bytes = counted.map((c) => c.bytes).sort((a, b) => a - b)
  const events = counted.reduce((sum, { body }) => sum + eventsOf(body).length, 0)
  const sent = {
    spanShare: spans / (spans + chunks),
    meanBytes,
    medianBytes: bytes[Math.floor(bytes.length / 2)],
    p90Bytes: bytes[Math.floor(bytes.length * 0.9)],
    meanEvents: events / counted.length,
  }
  for (const name of Object.keys(SHOP) as (keyof typeof SHOP)[])
    t.ok(Math.abs(sent[name] / SHOP[name] - 1) < 0.1, `${name}: ${sent[name]} sent, ${SHOP[name]} recorded`)
})

t.test('events of the longest traces are numbered on', async (t) => {
  const long = tracesToSend(MIX).filter((trace) => trace.length > 100)
  t.ok(long.length > 5)
  const numbers = long[0].flatMap(({ body }) => eventsOf(body).map((e) => e.sequence as number))
  t.ok(Math.abs(numbers.length - 3_002) < 20, `${numbers.length} events`)
  t.same(
    numbers.sort((a, b) => a - b),
    Array.from({ length: numbers.length }, (_, i) => i),
  )
})

t.test('the figures are those of the recordings, counted by their headers', async (t) => {
  const datagrams = bytesOf([readSession('1.5.2'), readSession('1.8.5')], 'span')
  const of = (type: number): Buffer[] => datagrams.filter((d) => d.readUInt16BE(2) === type)
  t.equal(MIX.figures.spans, of(SPAN).length)
  t.equal(MIX.figures.chunks, of(SPAN_CHUNK).length)
  const both = [...of(SPAN), ...of(SPAN_CHUNK)]
  const mean = both.reduce((sum, d) => sum + d.length, 0) / both.length
  t.ok(Math.abs(MIX.figures.meanBytes - mean) < 0.1)
})

t.test('spans of a given size go out as agents send them: chunks of 20, the rest with the span', async (t) => {
  for (const [events, sizes] of [
    [0, [0]],
    [1, [1]],
    [20, [20]],
    [50, [20, 20, 10]],
  ] as const) {
    for (const trace of tracesToSend(MIX, events)) {
      t.same(
        trace.map(({ body }) => eventsOf(body).length),
        sizes,
      )
      t.same(
        trace.map(({ message }) => message),
        [...sizes.slice(1).map(() => 'TSpanChunk'), 'TSpan'],
      )
      t.same(
        trace.flatMap(({ body }) => eventsOf(body).map((e) => e.sequence)),
        Array.from({ length: events }, (_, i) => i),
      )
    }
  }
})
