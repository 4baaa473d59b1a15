import type { TimeRange } from '../time/time-range.js'

/** Where dots lie in the plot: times from left to right, elapsed times from bottom to top; sizes in CSS pixels. */
export interface Plot {
  range: TimeRange
  maxElapsed: number
  width: number
  height: number
}

export function xOf(plot: Plot, time: number): number {
  return ((time - plot.range.from) / (plot.range.to - plot.range.from)) * plot.width
}

/** What takes longer than the scale shows lies on its upper edge. */
export function yOf(plot: Plot, elapsed: number): number {
  return plot.height - (Math.min(elapsed, plot.maxElapsed) / plot.maxElapsed) * plot.height
}

export function timeAt(plot: Plot, x: number): number {
  return plot.range.from + (clamp(x, plot.width) / plot.width) * (plot.range.to - plot.range.from)
}

export function elapsedAt(plot: Plot, y: number): number {
  return (1 - clamp(y, plot.height) / plot.height) * plot.maxElapsed
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(0, value), most)
}

export const ELAPSED_SCALES = [100, 300, 1_000, 3_000, 5_000, 10_000, 30_000, 60_000, 300_000] as const
const LEAST_AUTOMATIC = 1_000

/** so many of the dots are inside; a few very slow ones shall not press all others to the ground */
const INSIDE = 0.98

/** The smallest round scale on which nearly all of `elapsed` are inside. */
export function automaticScale(elapsed: Int32Array, length: number): number {
  const outside = new Array<number>(ELAPSED_SCALES.length).fill(0)
  for (let i = 0; i < length; i++) {
    for (let s = 0; s < outside.length && elapsed[i] > ELAPSED_SCALES[s]; s++) outside[s]++
  }
  const fits = ELAPSED_SCALES.find((s, i) => s >= LEAST_AUTOMATIC && outside[i] <= length * (1 - INSIDE))
  return fits ?? ELAPSED_SCALES[ELAPSED_SCALES.length - 1]
}

/** Round elapsed times from 0 to the scale. */
export function elapsedTicks(max: number): number[] {
  const parts = max % 3 === 0 ? 3 : 5
  return Array.from({ length: parts + 1 }, (_, i) => (max / parts) * i)
}
