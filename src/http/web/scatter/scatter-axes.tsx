import type { JSX } from 'preact'
import { number } from '../i18n/text.js'
import { clockTime, monthDay } from '../time/date-time.js'
import { timeTicks, zoneOffsetMs } from '../time/time-ticks.js'
import { elapsedTicks, type Plot, xOf, yOf } from './scales.js'

interface ScatterAxesProps {
  plot: Plot
  left: number
  top: number
  width: number
  height: number
}

/** pixels that a time takes */
const TICK_WIDTH = 78
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

export function ScatterAxes({ plot, left, top, width, height }: ScatterAxesProps): JSX.Element {
  const { range } = plot
  const times = timeTicks(range, Math.max(2, Math.floor(plot.width / TICK_WIDTH)), zoneOffsetMs(range.from))
  const fine = times.length > 1 && times[1] - times[0] < MINUTE
  const coarse = range.to - range.from > DAY
  return (
    <svg class="scatter-axes" width={width} height={height} aria-hidden="true">
      <g transform={`translate(${left},${top})`}>
        {elapsedTicks(plot.maxElapsed).map((ms) => {
          const y = Math.round(yOf(plot, ms)) + 0.5
          return (
            <g key={ms}>
              <line class="chart-grid" x1={0} x2={plot.width} y1={y} y2={y} />
              <text class="tick tick-y" x={-6} y={y + 4}>
                {number(Math.round(ms))}
              </text>
            </g>
          )
        })}
        {times.map((at) => {
          const x = Math.round(xOf(plot, at)) + 0.5
          return (
            <g key={at}>
              <line class="chart-grid" x1={x} x2={x} y1={0} y2={plot.height} />
              <text class="tick tick-x" x={x} y={plot.height + 17}>
                {coarse && at % DAY === zoneOffsetMs(at) % DAY ? monthDay(at) : clockTime(at, fine)}
              </text>
            </g>
          )
        })}
      </g>
    </svg>
  )
}
