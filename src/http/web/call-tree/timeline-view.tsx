import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { number, text } from '../i18n/text.js'
import { VirtualList } from '../ui/virtual-list.js'
import { CallDetails } from './call-details.js'
import type { CallRow } from './call-rows.js'
import { type TimelineBar, timeline } from './timeline.js'

const ROW_HEIGHT = 25
/** colours of applications, used again when there are more */
const COLOURS = 6
const TICKS = [0, 0.25, 0.5, 0.75, 1]
const LEAST_WIDTH = 0.15

/** The calls as bars on one time axis, a colour an application. */
export function TimelineView({ rows }: { rows: readonly CallRow[] }): JSX.Element {
  const { from, to, bars, applications } = useMemo(() => timeline(rows), [rows])
  const [active, setActive] = useState(0)
  const step = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    setActive((n) => Math.min(Math.max(0, n + by), bars.length - 1))
  }
  const chosen = bars[active]
  return (
    <div class="timeline">
      <ul class="timeline-legend">
        {applications.map((application, i) => (
          <li key={application}>
            <span class={`swatch ground-app-${i % COLOURS}`} />
            {application}
          </li>
        ))}
      </ul>
      <VirtualList
        class="timeline-rows"
        role="grid"
        label={text('tx.timeline')}
        count={bars.length}
        rowHeight={ROW_HEIGHT}
        active={active}
        idOf={(i) => `bar-${i}`}
        onKey={step}
        head={
          <>
            <span role="columnheader" class="timeline-name">
              {text('call.method')}
            </span>
            <span role="columnheader" class="timeline-axis">
              {TICKS.map((t) => (
                <span key={t} class="timeline-tick" style={{ left: `${t * 100}%` }}>
                  {`${number(Math.round((to - from) * t))} ms`}
                </span>
              ))}
            </span>
          </>
        }
      >
        {(i) => {
          const bar = bars[i]
          const row = rows[bar.row]
          return (
            <div
              key={row.id}
              id={`bar-${i}`}
              role="row"
              tabindex={-1}
              class={i === active ? 'timeline-row is-active' : 'timeline-row'}
              aria-selected={i === active}
              onClick={() => setActive(i)}
            >
              <span role="gridcell" class="timeline-name" title={row.title}>
                <span class="indent" style={{ display: 'inline-block', width: `${Math.min(row.depth, 16) * 10}px` }} />
                {row.className === '' ? row.title : `${row.className}.${row.title}`}
              </span>
              <span role="gridcell" class="timeline-track">
                <span
                  class={`timeline-bar ground-app-${bar.application % COLOURS}`}
                  style={{ left: `${bar.start * 100}%`, width: `${Math.max(LEAST_WIDTH, bar.width * 100)}%` }}
                />
                <Figure bar={bar} elapsed={row.elapsed ?? 0} />
              </span>
            </div>
          )
        }}
      </VirtualList>
      {chosen !== undefined && <CallDetails row={rows[chosen.row]} />}
    </div>
  )
}

/** The figure stands where there is room: after the bar, before it, or on it. */
function Figure({ bar, elapsed }: { bar: TimelineBar; elapsed: number }): JSX.Element {
  const end = bar.start + bar.width
  const label = `${number(elapsed)} ms`
  if (end < 0.9) {
    return (
      <span class="timeline-figure" style={{ left: `${end * 100}%` }}>
        {label}
      </span>
    )
  }
  const before = bar.start > 0.1
  return (
    <span
      class={before ? 'timeline-figure' : 'timeline-figure is-inside'}
      style={{ right: before ? `${(1 - bar.start) * 100}%` : '0' }}
    >
      {label}
    </span>
  )
}
