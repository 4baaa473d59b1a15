import t from 'tap'
import type { AgentStat } from '../../../../src/http/web/api/agents.js'
import { chartColumns, differences, sampleRate, stacked } from '../../../../src/http/web/inspector/chart-columns.js'
import type { ChartKind } from '../../../../src/http/web/inspector/chart-kinds.js'

function stat(charts: Record<string, number[]>): AgentStat {
  const points = (values: number[]) =>
    values.map((v, i) => ({ timestamp: (i + 1) * 5_000, minVal: v / 4, maxVal: v, avgVal: v / 2 }))
  return {
    type: null,
    charts: Object.fromEntries(Object.entries(charts).map(([name, values]) => [name, { points: points(values) }])),
  }
}

const HEAP: ChartKind = {
  title: 'chart.heap',
  unit: 'bytes',
  series: [
    { stat: 'USED', label: 'chart.used', colour: 0, shape: 'area' },
    { stat: 'MAX', label: 'chart.max', colour: 1, shape: 'line' },
  ],
}

t.test('times are seconds, what was not measured is a gap', async (t) => {
  t.same(chartColumns(HEAP, stat({ USED: [-1, 10, 20], MAX: [-1, 90, 90] })), [
    [5, 10, 15],
    [null, 10, 20],
    [null, 90, 90],
  ])
})

t.test('a chart without a single measured point is none', async (t) => {
  t.equal(chartColumns(HEAP, stat({ USED: [-1, -1], MAX: [-1, -1] })), undefined)
  t.equal(chartColumns(HEAP, stat({})), undefined)
  t.equal(chartColumns(HEAP, stat({ USED: [1, 2], MAX: [1] })), undefined, 'columns of unequal length')
})

t.test('rates are averages', async (t) => {
  const tps: ChartKind = {
    title: 'chart.tps',
    unit: 'perSecond',
    series: [{ stat: 'TPS_TOTAL', label: 'chart.total', colour: 0, shape: 'line' }],
  }
  t.same(chartColumns(tps, stat({ TPS_TOTAL: [8] })), [[5], [4]])
})

t.test('counts since the start of the JVM become what is new', async (t) => {
  t.same(differences([null, 5, 5, 7, null, 9, 2]), [null, null, 0, 2, null, 2, 2])
})

t.test('stacked columns stand on each other', async (t) => {
  t.same(
    stacked([
      [1, 2, null],
      [1, null, 4],
    ]),
    [
      [1, 2, null],
      [2, null, 4],
    ],
  )
})

t.test('long ranges are asked for with fewer points', async (t) => {
  t.equal(sampleRate(0, 5 * 60_000), 1)
  const hours = 48 * 3_600_000
  t.ok(hours / 5_000 / sampleRate(0, hours) <= 310)
})
