import type { TimeRange } from '../time/time-range.js'
import type { DotStore } from './dot-store.js'

export interface DotCounts {
  success: number
  failed: number
}

/** Dots of an agent (empty: of all) inside the range. */
export function countDots(dots: DotStore, range: TimeRange, agentId: string): DotCounts {
  const counts = { success: 0, failed: 0 }
  const wanted = dots.sources.map(([agent]) => agentId === '' || agent === agentId)
  for (let i = 0; i < dots.length; i++) {
    if (dots.times[i] < range.from || dots.times[i] > range.to || !wanted[dots.source[i]]) continue
    if (dots.success[i] === 1) counts.success++
    else counts.failed++
  }
  return counts
}
