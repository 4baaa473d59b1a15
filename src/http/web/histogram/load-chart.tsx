import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { TimeSeries } from '../api/server-map.js'
import { number } from '../i18n/text.js'
import { clockTime, dateTime } from '../time/date-time.js'
import { type LoadColumn, loadColumns } from './load-columns.js'
import { slotName } from './slot-name.js'
import { slotColour } from './slots.js'

const WIDTH = 400
const HEIGHT = 110
const MAX_COLUMNS = 60

/** Requests over time, slots on top of each other; the column under the pointer is told in figures. */
export function LoadChart({ series, label }: { series: readonly TimeSeries[]; label: string }): JSX.Element {
  const [pointed, setPointed] = useState<LoadColumn | undefined>()
  const columns = loadColumns(series, MAX_COLUMNS)
  const most = Math.max(1, ...columns.map((c) => c.total))
  const step = WIDTH / Math.max(1, columns.length)
  return (
    <div class="load-chart" onPointerLeave={() => setPointed(undefined)}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <path class="chart-grid" d={`M0 .5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}`} />
        {columns.map((column, i) => {
          let top = HEIGHT
          return (
            <g key={column.from} class="load-column" onPointerEnter={() => setPointed(column)}>
              <rect class="load-hit" x={i * step} width={step} height={HEIGHT} />
              {column.counts.map((count, slot) => {
                if (count === 0) return null
                const height = (count / most) * HEIGHT
                top -= height
                const { key } = series[slot]
                return (
                  <rect
                    key={key}
                    class={`fill-${slotColour(key, slot)}`}
                    x={i * step + step * 0.1}
                    y={top}
                    width={step * 0.8}
                    height={height}
                  />
                )
              })}
            </g>
          )
        })}
      </svg>
      <div class="chart-legend">
        <span>{columns.length > 0 && clockTime(columns[0].from, false)}</span>
        <output class="load-told">{pointed === undefined ? `≤ ${number(most)}` : told(pointed, series)}</output>
        <span>{columns.length > 0 && clockTime(columns[columns.length - 1].to, false)}</span>
      </div>
    </div>
  )
}

function told(column: LoadColumn, series: readonly TimeSeries[]): string {
  const slots = series.flatMap(({ key }, i) =>
    column.counts[i] > 0 ? [`${slotName(key)} ${number(column.counts[i])}`] : [],
  )
  return [dateTime(column.from).slice(5, 16), ...(slots.length > 0 ? slots : ['0'])].join(' · ')
}
