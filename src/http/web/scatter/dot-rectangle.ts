import type { DotOutcome, DotSelection } from '../route/dot-selection.js'
import { elapsedAt, type Plot, timeAt } from './scales.js'

export interface Corner {
  x: number
  y: number
}

/** A rectangle whose sides are shorter is a slip of the hand. */
const LEAST_SIDE = 4

/**
 * What a rectangle drawn from one corner to the other selects, or undefined when it is too small. At the upper edge
 * lies all that is slower than the scale, so a rectangle that reaches it has no upper limit; nearly all that is quick
 * lies at the lower edge, where two pixels more or less must not count.
 */
export function selectionOf(
  plot: Plot,
  a: Corner,
  b: Corner,
  shown: { outcome: DotOutcome; agentId: string },
): DotSelection | undefined {
  if (Math.abs(a.x - b.x) < LEAST_SIDE && Math.abs(a.y - b.y) < LEAST_SIDE) return undefined
  const top = Math.min(a.y, b.y)
  const bottom = Math.max(a.y, b.y)
  return {
    from: Math.floor(timeAt(plot, Math.min(a.x, b.x))),
    to: Math.ceil(timeAt(plot, Math.max(a.x, b.x))),
    minElapsed: bottom >= plot.height - LEAST_SIDE ? 0 : Math.floor(elapsedAt(plot, bottom)),
    maxElapsed: top <= LEAST_SIDE ? Number.POSITIVE_INFINITY : Math.ceil(elapsedAt(plot, top)),
    ...shown,
  }
}
