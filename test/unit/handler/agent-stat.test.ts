import t from 'tap'
import { drops, leftOut, pipeline, type TestPipeline } from '../../builders/pipeline.js'
import { AGENT_STAT, SMALL_AGENT_STAT } from '../../builders/pipeline-messages.js'
import { cellValue, pad24, rev } from '../../builders/rows.js'
import type { Plain } from '../../builders/thrift-idl.js'

function given(stat: Plain): TestPipeline {
  const p = pipeline()
  p.give('TAgentStat', stat)
  return p
}

function batch(agentId: string | undefined, ...agentStats: Plain[]): TestPipeline {
  const p = pipeline()
  p.give('TAgentStatBatch', { ...(agentId === undefined ? {} : { agentId }), agentStats })
  return p
}

function histogram(h: Plain): Plain {
  return { ...SMALL_AGENT_STAT, activeTrace: { histogram: h } }
}

function column(p: TestPipeline, name: string): string {
  return cellValue(p.rows(), 'AgentStat', 'S', Buffer.from(name).toString('hex'))
}

function columns(p: TestPipeline): string[] {
  return p.rows().flatMap((r) => r.cells.map((c) => c.qualifier.toString()))
}

t.test('active traces of every version', async (t) => {
  const counts = [1, 0, 200, 3]
  t.equal(column(given(histogram({ histogramSchemaType: 2, activeTraceCount: counts })), 'aH'), '0002040100c80103')
  t.equal(column(given(histogram({})), 'aH'), '00000400000000', 'no counts are zeros')
  t.equal(column(given(histogram({ version: 1, histogramSchemaType: 2, activeTraceCount: counts })), 'aH'), '0102')
  t.equal(column(given(histogram({ version: 255, activeTraceCount: [1] })), 'aH'), 'ff00')
  t.equal(
    column(given(histogram({ activeTraceCount: [-1, 0, 0, 0] })), 'aH').length,
    2 * 16,
    'a negative count has ten bytes',
  )
  t.strictSame(columns(given({ ...SMALL_AGENT_STAT, activeTrace: {} })), ['int', 'gcT'])
})

t.test('a bad histogram loses the sample', async (t) => {
  for (const h of [
    { activeTraceCount: [] },
    { activeTraceCount: [1, 2, 3] },
    { activeTraceCount: [1, 2, 3, 4, 5] },
    { version: -1 },
    { version: 256 },
  ]) {
    const p = given(histogram(h))
    t.strictSame([p.rows(), drops(p), leftOut(p)], [[], { badStat: 1 }, {}], JSON.stringify(h))
  }
})

t.test('gc, cpu and transactions', async (t) => {
  for (const [i, name] of ['UNKNOWN', 'SERIAL', 'PARALLEL', 'CMS', 'G1', 'UNKNOWN'].entries()) {
    t.equal(Buffer.from(column(given({ ...SMALL_AGENT_STAT, gc: { type: i } }), 'gcT'), 'hex').toString(), name)
  }
  t.strictSame(columns(given({ ...SMALL_AGENT_STAT, gc: {} })), [
    'int',
    'gcT',
    'gcOldC',
    'gcOldT',
    'hpU',
    'hpM',
    'nHpU',
    'nHpM',
  ])
  const cpu = given({ ...SMALL_AGENT_STAT, cpuLoad: { systemCpuLoad: 0.5 } })
  t.strictSame([column(cpu, 'jvmCpu'), column(cpu, 'sysCpu')], ['0000000000000000', '3fe0000000000000'])
  const transaction = given({ ...SMALL_AGENT_STAT, transaction: { unsampledContinuationCount: -1 } })
  t.strictSame(columns(transaction).slice(2), ['tSN', 'tSC', 'tUnSN', 'tUnSC'])
  t.equal(column(transaction, 'tUnSC'), 'ffffffffffffffff')
})

t.test('members that came after 1.5.2 are not stored', async (t) => {
  const later = { responseTime: { avg: 5 }, fileDescriptor: { openFileDescriptorCount: 1 }, metadata: 'm' }
  t.strictSame(given({ ...AGENT_STAT, ...later }).rows(), given(AGENT_STAT).rows())
})

t.test('a sample without an agent has no row', async (t) => {
  const p = given({ timestamp: 1 })
  t.strictSame([p.rows(), drops(p)], [[], { missingField: 1 }])
  const long = given({ ...AGENT_STAT, agentId: 'x'.repeat(25) })
  t.strictSame([long.rows(), drops(long)], [[], { nameTooLong: 1 }])
})

t.test('the agent of a batch stands in its rows, whatever the samples say', async (t) => {
  const p = batch('front-1', { timestamp: 1 }, { ...SMALL_AGENT_STAT, agentId: 'other', timestamp: 2 })
  t.strictSame(
    p.rows().map((r) => r.key.toString('hex', 1)),
    [pad24('front-1') + rev(1), pad24('front-1') + rev(2)],
  )
  const none = batch(undefined, SMALL_AGENT_STAT)
  t.strictSame([none.rows(), drops(none)], [[], { missingField: 1 }])
})

t.test('a bad sample of a batch is left out', async (t) => {
  const bad = histogram({ activeTraceCount: [1] })
  const p = batch('front-1', bad, AGENT_STAT, bad, SMALL_AGENT_STAT)
  t.strictSame([p.rows().length, leftOut(p), drops(p)], [2, { bad_stat: 2 }, {}])
  t.strictSame(p.rows()[0].cells.length, 15)
})

t.test('a batch of nothing but bad samples is dropped, and nothing of it is left out', async (t) => {
  const bad = histogram({ activeTraceCount: [1] })
  const p = batch('front-1', bad, bad)
  t.strictSame([p.rows(), leftOut(p), drops(p)], [[], {}, { badStat: 1 }])
  const long = batch('x'.repeat(25), AGENT_STAT)
  t.strictSame([long.rows(), leftOut(long), drops(long)], [[], {}, { nameTooLong: 1 }])
  const empty = batch('front-1')
  t.strictSame(drops(empty), { empty: 1 })
})

t.test('a batch whose rows are too large is dropped whole', async (t) => {
  const p = pipeline({ maxMessageBytes: 1000 })
  p.give('TAgentStatBatch', { agentId: 'front-1', agentStats: Array.from({ length: 20 }, () => AGENT_STAT) })
  t.strictSame([p.rows(), leftOut(p), drops(p)], [[], {}, { tooLarge: 1 }])
})
