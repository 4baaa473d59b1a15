import type { TextKey } from '../i18n/en.js'

export type ChartUnit = 'bytes' | 'percent' | 'perSecond' | 'count' | 'milliseconds'
export type ChartShape = 'line' | 'area' | 'bars'

export interface ChartSeries {
  /** name of the chart in the answer */
  stat: string
  label: TextKey
  /** number of the colour */
  colour: number
  shape: ChartShape
  /** the answer counts from the start of the JVM; what is new since the point before is shown */
  difference?: boolean
  /** has an axis of its own, at the right */
  right?: ChartUnit
}

export interface ChartKind {
  title: TextKey
  unit: ChartUnit
  series: readonly ChartSeries[]
  /** each series stands on the ones before */
  stacked?: boolean
  /** the axis goes at least up to this */
  least?: number
}

/** The charts of the inspector, in the order of the screen. */
export const CHART_KINDS: readonly ChartKind[] = [
  {
    title: 'chart.heap',
    unit: 'bytes',
    series: [
      { stat: 'JVM_MEMORY_HEAP_USED', label: 'chart.used', colour: 0, shape: 'area' },
      { stat: 'JVM_MEMORY_HEAP_MAX', label: 'chart.max', colour: 4, shape: 'line' },
    ],
  },
  {
    title: 'chart.nonHeap',
    unit: 'bytes',
    series: [
      { stat: 'JVM_MEMORY_NON_HEAP_USED', label: 'chart.used', colour: 0, shape: 'area' },
      { stat: 'JVM_MEMORY_NON_HEAP_MAX', label: 'chart.max', colour: 4, shape: 'line' },
    ],
  },
  {
    title: 'chart.gc',
    unit: 'milliseconds',
    least: 10,
    series: [
      { stat: 'JVM_GC_OLD_TIME', label: 'chart.gcTime', colour: 3, shape: 'bars', difference: true },
      { stat: 'JVM_GC_OLD_COUNT', label: 'chart.gcCount', colour: 4, shape: 'line', difference: true, right: 'count' },
    ],
  },
  {
    title: 'chart.cpu',
    unit: 'percent',
    least: 100,
    series: [
      { stat: 'CPU_LOAD_JVM', label: 'chart.jvm', colour: 0, shape: 'area' },
      { stat: 'CPU_LOAD_SYSTEM', label: 'chart.system', colour: 2, shape: 'line' },
    ],
  },
  {
    title: 'chart.tps',
    unit: 'perSecond',
    series: [
      { stat: 'TPS_SAMPLED_NEW', label: 'chart.sampledNew', colour: 0, shape: 'line' },
      { stat: 'TPS_SAMPLED_CONTINUATION', label: 'chart.sampledContinuation', colour: 1, shape: 'line' },
      { stat: 'TPS_UNSAMPLED_NEW', label: 'chart.unsampledNew', colour: 2, shape: 'line' },
      { stat: 'TPS_UNSAMPLED_CONTINUATION', label: 'chart.unsampledContinuation', colour: 3, shape: 'line' },
      { stat: 'TPS_TOTAL', label: 'chart.total', colour: 4, shape: 'line' },
    ],
  },
  {
    title: 'chart.active',
    unit: 'count',
    stacked: true,
    least: 1,
    series: [
      { stat: 'ACTIVE_TRACE_FAST', label: 'chart.fast', colour: 1, shape: 'area' },
      { stat: 'ACTIVE_TRACE_NORMAL', label: 'chart.normal', colour: 0, shape: 'area' },
      { stat: 'ACTIVE_TRACE_SLOW', label: 'chart.slow', colour: 2, shape: 'area' },
      { stat: 'ACTIVE_TRACE_VERY_SLOW', label: 'chart.verySlow', colour: 3, shape: 'area' },
    ],
  },
]
