import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { AgentEvent } from '../api/agents.js'
import { text } from '../i18n/text.js'
import { isDark, language } from '../state/preferences.js'
import { clockTime, dateTime, monthDay } from '../time/date-time.js'
import type { TimeRange } from '../time/time-range.js'
import { useElementSize } from '../ui/use-element-size.js'
import { type ChartColumns, stacked } from './chart-columns.js'
import type { ChartKind, ChartSeries, ChartUnit } from './chart-kinds.js'
import { formatUnit } from './chart-units.js'
import { eventMarks } from './event-marks.js'

interface StatChartProps {
  kind: ChartKind
  /** undefined: nothing was measured */
  columns: ChartColumns | undefined
  events: readonly AgentEvent[]
  range: TimeRange
}

const HEIGHT = 170
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const AXIS_SIZE = 66
const TIME_AXIS_SIZE = 28
/** whole figures, and bytes in halves and quarters of their units */
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000]
const BYTE_STEPS = Array.from({ length: 40 }, (_, i) => 2 ** (i + 10))
/** pointers of all charts move together */
const SYNC = 'inspector'

export function StatChart({ kind, columns, events, range }: StatChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  const { width } = useElementSize(box)
  const dark = isDark()
  const spoken = language.value
  useEffect(() => {
    const element = box.current
    if (element === null || columns === undefined || width === 0) return
    const shown = kind.stacked ? ([columns[0], ...stacked(columns.slice(1))] as ChartColumns) : columns
    const chart = new uPlot(options(element, { kind, columns, events, range }, width), shown, element)
    return () => chart.destroy()
  }, [kind, columns, events, range.from, range.to, width, dark, spoken])
  return (
    <section class="stat-chart" aria-label={text(kind.title)}>
      <h3>{text(kind.title)}</h3>
      <div ref={box} class="stat-plot">
        {columns === undefined && <p class="quiet chart-empty">{text('empty.stat')}</p>}
      </div>
    </section>
  )
}

function options(element: HTMLElement, props: StatChartProps, width: number): uPlot.Options {
  const { kind, columns, events, range } = props
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  const long = range.to - range.from > DAY_MS
  const axis = { stroke: colour('--text-quiet'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { show: false } }
  const right = kind.series.find((s) => s.right !== undefined)?.right
  const series = kind.series.map((s, i) => seriesOptions(s, i, kind, columns!, colour))
  return {
    width,
    height: HEIGHT,
    cursor: { sync: { key: SYNC }, y: false, points: { size: 7 } },
    legend: { live: true },
    scales: {
      x: { time: true, range: () => [range.from / 1000, range.to / 1000] },
      y: { range: (_, _min, max) => [0, Math.max(kind.least ?? 0, max > 0 ? max * 1.08 : 1)] },
      ...(right && {
        right: { range: (_: uPlot, _min: number, max: number): [number, number] => [0, Math.max(2, max * 1.2)] },
      }),
    },
    axes: [
      {
        ...axis,
        size: TIME_AXIS_SIZE,
        values: (_, times) => times.map((t) => timeLabel(t * 1000, (times[1] - times[0]) * 1000, long)),
      },
      {
        ...axis,
        size: AXIS_SIZE,
        ...stepsOf(kind.unit),
        values: (_, values) => values.map((v) => formatUnit(v, kind.unit)),
      },
      ...(right
        ? [
            {
              ...axis,
              scale: 'right',
              side: 1 as const,
              size: 36,
              ...stepsOf(right),
              grid: { show: false },
              values: (_: uPlot, values: number[]) => values.map((v) => formatUnit(v, right)),
            },
          ]
        : []),
    ],
    series: [{ label: text('chart.time'), value: (_, t) => (t === null ? '' : dateTime(t * 1000)) }, ...series],
    // the area of a stacked series ends where the one below begins
    ...(kind.stacked && {
      bands: kind.series.slice(1).map((_, i) => ({ series: [i + 2, i + 1] as [number, number] })),
    }),
    plugins: [eventMarks(events, { start: colour('--good'), end: colour('--bad'), other: colour('--text-quiet') })],
  }
}

/** Seconds where ticks are closer than a minute, the day in long ranges. */
function timeLabel(at: number, step: number, long: boolean): string {
  return long ? `${monthDay(at)} ${clockTime(at, false)}` : clockTime(at, step < MINUTE_MS)
}

function stepsOf(unit: ChartUnit): { incrs?: number[] } {
  if (unit === 'bytes') return { incrs: BYTE_STEPS }
  return unit === 'count' || unit === 'milliseconds' ? { incrs: WHOLE_STEPS } : {}
}

function seriesOptions(
  series: ChartSeries,
  index: number,
  kind: ChartKind,
  columns: ChartColumns,
  colour: (name: string) => string,
): uPlot.Series {
  const stroke = colour(`--series-${series.colour}`)
  const unit = series.right ?? kind.unit
  return {
    label: text(series.label),
    stroke,
    // lines of a stack would cover each other where nothing is added
    width: series.shape === 'bars' || kind.stacked ? 0 : 1.5,
    scale: series.right === undefined ? 'y' : 'right',
    spanGaps: false,
    points: { show: false },
    ...(series.shape === 'area' && { fill: kind.stacked ? `${stroke}b0` : `${stroke}2e` }),
    ...(series.shape === 'bars' && { fill: stroke, paths: uPlot.paths.bars!({ size: [0.7, 12] }) }),
    // the figure itself, not the sum of a stack
    value: (_, _value, _series, i) => {
      const value = i === null ? null : columns[index + 1][i]
      return value === null || value === undefined ? '–' : formatUnit(value as number, unit)
    },
  }
}
