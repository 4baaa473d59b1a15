import type { Span } from '../read/span.js'

/** A span that begins later than this after its call, or half of it before, is not the one, ms. */
const MAX_DISTANCE_MS = 5_000
/** A span that begins before its call: clocks differ, but it is less likely. */
const EARLY_FACTOR = 2
const EARLY_PENALTY_MS = 1_000

/** Of spans with the same id, the one that began closest behind its call. @param start of the call, ms */
export function nearestSpan(spans: readonly Span[], start: number): Span | undefined {
  let nearest: Span | undefined
  let least = Number.POSITIVE_INFINITY
  for (const span of spans) {
    const distance = span.startTime - start
    const weight = distance >= 0 ? distance : -distance * EARLY_FACTOR + EARLY_PENALTY_MS
    if (weight > MAX_DISTANCE_MS || weight >= least) continue
    nearest = span
    least = weight
  }
  return nearest
}
