import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { number, text } from '../i18n/text.js'
import type { DotOutcome, DotSelection } from '../route/dot-selection.js'
import { isDark } from '../state/preferences.js'
import type { TimeRange } from '../time/time-range.js'
import { ErrorState } from '../ui/error-state.js'
import { useElementSize } from '../ui/use-element-size.js'
import { countDots } from './count-dots.js'
import { drawDots } from './draw-dots.js'
import { automaticScale, ELAPSED_SCALES, type Plot } from './scales.js'
import { ScatterAxes } from './scatter-axes.js'
import { SelectionLayer } from './selection-layer.js'
import { useDots } from './use-dots.js'

export interface ScatterChartProps {
  application: string
  range: TimeRange
  /** the range moves with the time */
  live: boolean
  /** empty: all */
  agentId: string
  onAgent: (agentId: string) => void
  onSelect: (selection: DotSelection) => void
}

/** pixels for the figures left of and below the plot */
const LEFT = 46
const BELOW = 24
const ABOVE = 8
const RIGHT = 8

export function ScatterChart({ application, range, live, agentId, onAgent, onSelect }: ScatterChartProps): JSX.Element {
  const [outcome, setOutcome] = useState<DotOutcome>('all')
  const [scale, setScale] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const size = useElementSize(box)
  const dots = useDots(application, range, live)
  const { store, version } = dots
  const dark = isDark()

  const counts = useMemo(() => countDots(store, range, agentId), [store, version, range.from, range.to, agentId])
  const automatic = automaticScale(store.elapsed, store.length)
  const plot: Plot = {
    range,
    maxElapsed: scale === 0 ? automatic : scale,
    width: Math.max(1, size.width - LEFT - RIGHT),
    height: Math.max(1, size.height - ABOVE - BELOW),
  }
  const drawn = useRef({ look: '', store, length: 0 })

  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context || size.width === 0) return
    const { maxElapsed, width, height } = plot
    const look = [range.from, range.to, maxElapsed, width, height, outcome, agentId, dark, devicePixelRatio].join()
    const before = drawn.current
    // what is drawn stays when only dots were added
    const first = before.look === look && before.store === store && before.length <= store.length ? before.length : 0
    if (first === 0) prepare(element, context, width, height)
    const style = getComputedStyle(element)
    const colours = { success: style.getPropertyValue('--dot-success'), failed: style.getPropertyValue('--dot-failed') }
    drawDots(context, store, plot, colours, { outcome, agentId }, first)
    drawn.current = { look, store, length: store.length }
  })

  const select = (selection: DotSelection): void => onSelect(selection)
  const everything: DotSelection = {
    ...range,
    minElapsed: 0,
    maxElapsed: Number.POSITIVE_INFINITY,
    outcome,
    agentId,
  }
  const empty = !dots.loading && dots.error === undefined && counts.success + counts.failed === 0

  return (
    <section class="scatter" aria-label={text('scatter.title')}>
      <div class="scatter-controls">
        <Toggle outcome="success" shown={outcome} count={counts.success} onChange={setOutcome} />
        <Toggle outcome="failed" shown={outcome} count={counts.failed} onChange={setOutcome} />
        <span class="grow" />
        <label class="inline-field">
          <span class="visually-hidden">{text('scatter.agent')}</span>
          <select value={agentId} onChange={(e) => onAgent(e.currentTarget.value)}>
            <option value="">{text('scatter.agents')}</option>
            {[...new Set([...store.agents(), ...(agentId === '' ? [] : [agentId])])].map((agent) => (
              <option key={agent} value={agent}>
                {agent}
              </option>
            ))}
          </select>
        </label>
        <label class="inline-field">
          <span class="visually-hidden">{text('scatter.max')}</span>
          <select value={scale} onChange={(e) => setScale(Number(e.currentTarget.value))}>
            <option value={0}>{text('scatter.max.auto')}</option>
            {ELAPSED_SCALES.map((ms) => (
              <option key={ms} value={ms}>
                {ms < 1000 ? `${ms} ms` : `${ms / 1000} s`}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div
        ref={box}
        class="scatter-plot"
        role="img"
        aria-label={text('scatter.label', { success: number(counts.success), failed: number(counts.failed) })}
      >
        <ScatterAxes plot={plot} left={LEFT} top={ABOVE} width={size.width} height={size.height} />
        <canvas ref={canvas} class="scatter-dots" />
        <SelectionLayer plot={plot} left={LEFT} top={ABOVE} shown={{ outcome, agentId }} onSelect={select} />
        {dots.error !== undefined && (
          <div class="scatter-message">
            <ErrorState error={dots.error} onRetry={dots.retry} />
          </div>
        )}
        {empty && <div class="scatter-message scatter-empty">{text('empty.scatter')}</div>}
      </div>
      <div class="scatter-foot">
        <span aria-live="polite">{footText(dots, store.length)}</span>
        <span class="grow" />
        <button type="button" class="link-button" disabled={empty} onClick={() => select(everything)}>
          {text('scatter.all')}
        </button>
      </div>
    </section>
  )
}

function footText(dots: { loading: boolean; complete: boolean }, length: number): string {
  if (dots.loading) return length === 0 ? text('state.loading') : text('scatter.loading', { n: number(length) })
  return dots.complete ? text('scatter.hint') : text('scatter.stopped', { n: number(length) })
}

/** Sharp on every screen, and empty. */
function prepare(element: HTMLCanvasElement, context: CanvasRenderingContext2D, width: number, height: number): void {
  element.width = Math.round(width * devicePixelRatio)
  element.height = Math.round(height * devicePixelRatio)
  element.style.width = `${width}px`
  element.style.height = `${height}px`
  context.scale(devicePixelRatio, devicePixelRatio)
}

interface ToggleProps {
  outcome: 'success' | 'failed'
  shown: DotOutcome
  count: number
  onChange: (outcome: DotOutcome) => void
}

/** Shows or hides the dots of one outcome; one of the two is always shown. */
function Toggle({ outcome, shown, count, onChange }: ToggleProps): JSX.Element {
  const other = outcome === 'success' ? 'failed' : 'success'
  const on = shown !== other
  return (
    <button
      type="button"
      class={`dot-toggle dot-${outcome}`}
      aria-pressed={on}
      onClick={() => onChange(on ? other : 'all')}
    >
      <span class="dot-swatch" />
      {text(`scatter.${outcome}`)} <b>{number(count)}</b>
    </button>
  )
}
