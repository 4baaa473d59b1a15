import t from 'tap'
import { readMix } from '../../../bench/agent/mix.js'
import { type Counted, eventsOf, figuresOf } from '../../../bench/agent/mix-figures.js'
import { templateOf } from '../../../bench/agent/template.js'
import { tracesToSend } from '../../../bench/agent/traces.js'
import { bytesOf, readSession } from '../../builders/load-session.js'

const MIX = readMix()
const SPAN = 40
const SPAN_CHUNK = 70

t.test('what agents send in a round is in the proportions of the recordings', async (t) => {
  const counted = tracesToSend(MIX)
    .flat()
    .map((m): Counted => ({ ...m, bytes: templateOf(m).bytes.length, weight: 1 }))
  const { meanBytes, ...figures } = figuresOf(counted)
  const { meanBytes: recordedBytes, ...recorded } = MIX.figures
  t.same(figures, recorded, 'spans, chunks, events, errors and calls are exactly as recorded')
  t.ok(
    Math.abs(meanBytes / recordedBytes - 1) < 0.05,
    `${meanBytes} bytes a datagram, recorded ${recordedBytes}: ids are a few bytes longer`,
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
