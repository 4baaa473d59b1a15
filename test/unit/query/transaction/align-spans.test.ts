import t from 'tap'
import type { Span, SpanEvent } from '../../../../src/query/read/span.js'
import { alignSpans } from '../../../../src/query/transaction/align-spans.js'
import type { CallNode } from '../../../../src/query/transaction/call-node.js'
import { depthOf } from '../../../../src/query/transaction/call-node.js'

const NOW = 50_000

function span(spanId: number, parentSpanId: number, startTime: number, events: SpanEvent[] = []): Span {
  const call = { agentId: 'a', agentStartTime: 1, rpc: `/${spanId}`, typeCode: 1010, endPoint: null, apiId: 0 }
  return {
    ...call,
    ...{ exception: null, annotations: [], remoteAddress: null, errorCode: 0, loggingInfo: 0, events },
    transactionId: { agentId: 'a', startTime: 1, sequence: 1 },
    acceptTime: startTime + 1_000,
    spanId: BigInt(spanId),
    parentSpanId: BigInt(parentSpanId),
    startTime,
    elapsed: 100,
    applicationName: 'A',
    applicationTypeCode: 1010,
  }
}

function event(sequence: number, depth: number, more: Partial<SpanEvent> = {}): SpanEvent {
  return {
    ...{ spanId: 1n, agentId: 'a', agentStartTime: 1, rpc: null, typeCode: 5000, endPoint: null, apiId: sequence },
    ...{ exception: null, annotations: [], sequence, asyncId: -1, asyncSequence: -1, startElapsed: sequence },
    ...{ endElapsed: 1, destinationId: null, depth, nextSpanId: -1n, nextAsyncId: -1 },
    ...more,
  }
}

/** One word a call, indented by its depth. */
function shape(root: CallNode): string[] {
  const lines: string[] = []
  const visit = (node: CallNode | null): void => {
    for (let at = node; at !== null; at = at.sibling) {
      const name = at.event === null ? `span${at.span.spanId}` : `event${at.event.sequence}`
      lines.push(`${'.'.repeat(depthOf(at))}${name}`)
      visit(at.child)
    }
  }
  visit(root)
  return lines
}

t.test('events nest by depth, and a called span stands under the event that called it', async (t) => {
  const front = span(1, -1, 1_000, [event(0, 1), event(1, 2, { nextSpanId: 2n }), event(2, 2), event(3, 1)])
  const back = span(2, 1, 1_010, [event(0, 1)])
  const { root, state } = alignSpans([back, front], 0, NOW)
  t.equal(state, 'Complete')
  t.same(shape(root), ['span1', '.event0', '..event1', '...span2', '....event0', '..event2', '.event3'])
})

t.test('an asynchronous branch stands under the event that began it', async (t) => {
  const branch = [1, 0].map((sequence) => event(sequence, sequence + 1, { asyncId: 9, asyncSequence: 1, apiId: 70 }))
  const front = span(1, -1, 1_000, [event(0, 1, { nextAsyncId: 9 }), event(1, 1), ...branch])
  t.same(shape(alignSpans([front], 0, NOW).root), ['span1', '.event0', '..event0', '...event1', '.event1'])
})

t.test('of several spans with one id the one whose start fits is taken', async (t) => {
  const front = span(1, -1, 1_000, [event(0, 1, { startElapsed: 10, nextSpanId: 2n })])
  const [late, fitting] = [span(2, 1, 5_000), span(2, 1, 1_012)]
  const { root } = alignSpans([front, late, fitting], 0, NOW)
  t.equal(root.child?.child?.span, fitting)
})

t.test('without a root a span that was accepted then stands in', async (t) => {
  const back = span(2, 1, 1_010, [event(0, 1)])
  const { root, state } = alignSpans([back], back.acceptTime, NOW)
  t.equal(state, 'Progress')
  t.same(shape(root), ['span2', '.event0'])
  t.throws(() => alignSpans([back], 5, NOW), { code: 'QUERY_NO_ROOT' })
  t.throws(() => alignSpans([span(1, -1, 1), span(3, -1, 2)], 0, NOW), { code: 'QUERY_SEVERAL_ROOTS' })
})

t.test('spans that call each other in a circle end', async (t) => {
  const front = span(1, -1, 1_000, [event(0, 1, { nextSpanId: 2n })])
  const back = span(2, 1, 1_010, [event(0, 1, { nextSpanId: 1n }), event(1, 1, { nextSpanId: 2n })])
  t.same(shape(alignSpans([front, back], 0, NOW).root), ['span1', '.event0', '..span2', '...event0', '...event1'])
})

t.test('branches deeper than any real one are refused', async (t) => {
  const events = Array.from({ length: 1_200 }, (_, n) =>
    event(0, 1, { asyncId: n, asyncSequence: 0, nextAsyncId: n + 1 }),
  )
  const front = span(1, -1, 1_000, [event(0, 1, { nextAsyncId: 0 }), ...events])
  t.throws(() => alignSpans([front], 0, NOW), { code: 'QUERY_TRANSACTION_TOO_LARGE' })
})
