import t from 'tap'
import { drops, leftOut, pipeline, type TestPipeline } from '../../builders/pipeline.js'
import { ASYNC_EVENT, CHUNK, HTTP_EVENT, MYSQL_EVENT } from '../../builders/pipeline-messages.js'
import { incrementLines, tablesOf } from '../../builders/rows.js'
import type { Plain } from '../../builders/thrift-idl.js'

function given(chunk: Plain): TestPipeline {
  const p = pipeline()
  p.give('TSpanChunk', chunk)
  return p
}

/** Columns of the events: sequence, async id, async sequence. */
function eventColumns(p: TestPipeline): number[][] {
  const q = p.rows().flatMap((r) => r.cells.map((c) => c.qualifier))
  return q.map((q) => [q.readInt16BE(8), q.readInt32BE(10), q.readInt16BE(14)])
}

t.test('calls are counted with the end point of the chunk', async (t) => {
  const p = given({ ...CHUNK, spanEventList: [MYSQL_EVENT] })
  t.strictSame(incrementLines(p.counters.take()), [
    'INC Callee_Ver2 15000546524f4e5403f27ffffea2c10867ff C:083508746573740e64623a3333303603e80e66726f6e742d31 L 0000000000000001',
    'INC Caller_Ver2 0700047465737408357ffffea2c10867ff C:03f203e8000546524f4e54683a38303830 L 0000000000000001',
  ])
  t.equal(p.accounting.counts.taken, 2)
})

t.test('its application service type is counted, if it has one', async (t) => {
  const p = given({ ...CHUNK, serviceType: 1999, applicationServiceType: 1210, spanEventList: [MYSQL_EVENT] })
  t.match(incrementLines(p.counters.take())[0], /000546524f4e5404ba/)
  const unknown = given({ ...CHUNK, serviceType: 1999, spanEventList: [MYSQL_EVENT] })
  t.match(incrementLines(unknown.counters.take())[0], /000546524f4e54ffff/)
})

t.test('the async id of a 2.x chunk is that of its events, unless they have their own', async (t) => {
  const { asyncId, asyncSequence, ...event } = ASYNC_EVENT
  t.strictSame([asyncId, asyncSequence], [3, 1])
  const localAsyncId = { asyncId: 77, sequence: 5 }
  t.strictSame(eventColumns(given({ ...CHUNK, localAsyncId, spanEventList: [event, ASYNC_EVENT] })), [
    [0, 77, 5],
    [0, 3, 1],
  ])
  t.strictSame(eventColumns(given({ ...CHUNK, spanEventList: [event] })), [[0, -1, -1]])
})

t.test('a chunk without events is dropped', async (t) => {
  const { spanEventList, ...without } = CHUNK
  t.ok(spanEventList)
  for (const chunk of [without, { ...without, spanEventList: [] }]) {
    const p = given(chunk)
    t.strictSame([p.rows(), drops(p)], [[], { empty: 1 }])
  }
})

t.test('a chunk of events beyond the sequence limit makes no row, and its calls count', async (t) => {
  const p = given({ ...CHUNK, spanEventList: [{ ...MYSQL_EVENT, sequence: 10_001 }] })
  t.strictSame([p.rows(), p.counters.size, drops(p), p.accounting.inFlight], [[], 2, {}, 1])
  t.equal(p.batcher.open.bytes, 0)
})

t.test('an application name of more than 24 bytes stands in no padded key, so it counts', async (t) => {
  const p = given({ ...CHUNK, applicationName: 'x'.repeat(25), spanEventList: [MYSQL_EVENT] })
  t.strictSame([tablesOf(p.rows()), p.counters.size, leftOut(p)], [['Traces'], 2, {}])
})

t.test('without a name or an agent nothing is counted', async (t) => {
  const { agentId, applicationName, ...rest } = CHUNK
  const bare = { ...rest, spanEventList: [MYSQL_EVENT] }
  const cases: [chunk: Plain, reason: string][] = [
    [{ ...bare, agentId }, 'application_name_missing'],
    [{ ...bare, agentId, applicationName: '' }, 'application_name_missing'],
    [{ ...bare, applicationName }, 'agent_id_missing'],
  ]
  for (const [chunk, reason] of cases) {
    const p = given(chunk)
    t.strictSame([tablesOf(p.rows()), p.counters.size, leftOut(p)], [['Traces'], 0, { [reason]: 1 }])
  }
})

t.test('an event without a destination costs no other', async (t) => {
  const { destinationId, ...event } = HTTP_EVENT
  t.ok(destinationId)
  const p = given({ ...CHUNK, spanEventList: [event, MYSQL_EVENT] })
  t.strictSame([p.counters.size, leftOut(p)], [2, { event_without_destination: 1 }])
})

t.test('bad transaction ids lose the chunk', async (t) => {
  for (const $hex of ['', '01', '0001c0ab']) {
    const p = given({ ...CHUNK, transactionId: { $hex } })
    t.strictSame([p.rows(), p.counters.size, drops(p)], [[], 0, { badTransactionId: 1 }], $hex)
  }
})
