import type { Histogram } from '../api/server-map.js'

/** Slot by slot; slots of both, in the order of the first. */
export function addHistograms(a: Histogram, b: Histogram): Histogram {
  const sum = { ...a }
  for (const [slot, count] of Object.entries(b)) sum[slot] = (sum[slot] ?? 0) + count
  return sum
}
