import type { DotOutcome } from '../route/dot-selection.js'
import type { DotStore } from './dot-store.js'
import { type Plot, xOf, yOf } from './scales.js'

export interface DotStyle {
  success: string
  failed: string
}

export interface DotFilter {
  outcome: DotOutcome
  /** empty: all */
  agentId: string
}

const SIZE = 3

/** Draws the dots from `first` on; the failed ones last, so that they are not hidden. */
export function drawDots(
  context: CanvasRenderingContext2D,
  dots: DotStore,
  plot: Plot,
  style: DotStyle,
  filter: DotFilter,
  first = 0,
): void {
  const wanted = wantedSources(dots, filter.agentId)
  if (filter.outcome !== 'failed') draw(context, dots, plot, style.success, 1, wanted, first)
  if (filter.outcome !== 'success') draw(context, dots, plot, style.failed, 0, wanted, first)
}

function draw(
  context: CanvasRenderingContext2D,
  dots: DotStore,
  plot: Plot,
  colour: string,
  success: number,
  wanted: readonly boolean[],
  first: number,
): void {
  context.fillStyle = colour
  const { from, to } = plot.range
  for (let i = first; i < dots.length; i++) {
    if (dots.success[i] !== success || !wanted[dots.source[i]]) continue
    if (dots.times[i] < from || dots.times[i] > to) continue
    const x = Math.round(xOf(plot, dots.times[i])) - 1
    const y = Math.round(yOf(plot, dots.elapsed[i])) - 1
    context.fillRect(x, y, SIZE, SIZE)
  }
}

function wantedSources(dots: DotStore, agentId: string): boolean[] {
  return dots.sources.map(([agent]) => agentId === '' || agent === agentId)
}
