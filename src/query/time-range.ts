/** ms since 1970, both inclusive. */
export interface TimeRange {
  from: number
  to: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Longest range and its slot: pages draw some 60 to 100 slots. */
const SLOTS: readonly [range: number, slot: number][] = [
  [HOUR, MINUTE],
  [6 * HOUR, 5 * MINUTE],
  [12 * HOUR, 10 * MINUTE],
  [24 * HOUR, 20 * MINUTE],
  [48 * HOUR, 30 * MINUTE],
]

/** A range cut into slots of equal width, counted from 1970. */
export interface TimeWindow {
  /** ms */
  slot: number
  /** start of the first and of the last slot, ms */
  first: number
  last: number
}

export function timeWindow(range: TimeRange, slot: number): TimeWindow {
  return { slot, first: slotOf(range.from, slot), last: slotOf(range.to, slot) }
}

/** The window of histograms. */
export function histogramWindow(range: TimeRange): TimeWindow {
  const length = range.to - range.from
  const fitting = SLOTS.find(([most]) => length <= most)
  return timeWindow(range, fitting?.[1] ?? HOUR)
}

/** Start of the slot that a time is in. */
export function slotOf(ms: number, slot: number): number {
  return Math.trunc(ms / slot) * slot
}

export function minuteOf(ms: number): number {
  return slotOf(ms, MINUTE)
}

/** The starts of all slots. */
export function slotsOf({ first, last, slot }: TimeWindow): number[] {
  return Array.from({ length: Math.floor((last - first) / slot) + 1 }, (_, i) => first + i * slot)
}
