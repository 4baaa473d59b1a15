import type { HistogramSchema } from '../service-types.js'

// Responses by how long they took (spec: storage.md §6.2). A stored slot is the limit that the response kept, 0 above all
// limits, negative for an error.

export interface Histogram {
  fast: number
  normal: number
  slow: number
  verySlow: number
  error: number
}

/** Histograms by start of their slot, ms. */
export type TimeHistograms = Map<number, Histogram>

/** ms; the names are those of the JSON */
const LIMITS = {
  FAST: { fast: 100, normal: 300, names: ['100ms', '300ms', '500ms', 'Slow', 'Error'] },
  NORMAL: { fast: 1000, normal: 3000, names: ['1s', '3s', '5s', 'Slow', 'Error'] },
} as const

const COLUMNS = ['fast', 'normal', 'slow', 'verySlow', 'error'] as const

export function newHistogram(): Histogram {
  return { fast: 0, normal: 0, slow: 0, verySlow: 0, error: 0 }
}

/** Adds counts of a stored slot. */
export function addSlot(histogram: Histogram, schema: HistogramSchema, slot: number, count: number): void {
  const { fast, normal } = LIMITS[schema]
  if (slot < 0) histogram.error += count
  else if (slot === 0) histogram.verySlow += count
  else if (slot <= fast) histogram.fast += count
  else if (slot <= normal) histogram.normal += count
  else histogram.slow += count
}

export function addHistogram(to: Histogram, from: Histogram): void {
  for (const column of COLUMNS) to[column] += from[column]
}

/** The histogram of a time, made where there is none. */
export function histogramAt(times: TimeHistograms, time: number): Histogram {
  let found = times.get(time)
  if (found === undefined) times.set(time, (found = newHistogram()))
  return found
}

export function addTimes(to: TimeHistograms, from: TimeHistograms): void {
  for (const [time, histogram] of from) addHistogram(histogramAt(to, time), histogram)
}

export function sumOf(histograms: Iterable<Histogram>): Histogram {
  const sum = newHistogram()
  for (const histogram of histograms) addHistogram(sum, histogram)
  return sum
}

export function totalCount({ fast, normal, slow, verySlow, error }: Histogram): number {
  return fast + normal + slow + verySlow + error
}

/** Nothing but errors. */
export function isAlert(histogram: Histogram): boolean {
  return histogram.error > 0 && histogram.error === totalCount(histogram)
}

export function histogramJson(histogram: Histogram, schema: HistogramSchema): Record<string, number> {
  return Object.fromEntries(LIMITS[schema].names.map((name, i) => [name, histogram[COLUMNS[i]]]))
}

/** One column of a histogram over time. */
export interface SeriesJson {
  key: string
  /** [start of the slot in ms, count], in the order of time */
  values: [number, number][]
}

export function seriesJson(times: TimeHistograms, schema: HistogramSchema): SeriesJson[] {
  const sorted = [...times].sort(([a], [b]) => a - b)
  return LIMITS[schema].names.map((key, i) => ({
    key,
    values: sorted.map(([time, histogram]) => [time, histogram[COLUMNS[i]]]),
  }))
}
