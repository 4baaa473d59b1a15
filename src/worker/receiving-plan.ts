// How many workers read the UDP ports. Each has caches, compiled code, looks at the sockets and batches of its own: two
// workers take 10 to 35 % more CPU than one for the same load (docs/performance-tried.md). So only as many read as the load needs.

/** What the workers that read told at one time. */
export interface LoadSample {
  /** workers that read */
  reading: number
  /** share of the time in which their event loops were busy, 0 to 1 each, added up */
  load: number
}

export const LOAD_INTERVAL_MS = 250

/** Above this load a worker (mean of two samples) is helped by another: what comes between two samples must fit into the socket's buffer. */
const BUSY = 0.75
const BUSY_SAMPLES = 2
/** A worker leaves when the others would have no more than this each for CALM_SAMPLES; they will have less, for they cost less. */
const CALM = 0.5
export const CALM_SAMPLES = 10_000 / LOAD_INTERVAL_MS

/**
 * A worker that has taken so many datagrams has its code compiled. Before that it is ten times slower, and takes the
 * processor from others when they need it most: so it warms up beside one that reads so many a second.
 */
export const WARM_DATAGRAMS = 10_000
export const WARM_RATE = 1_000

/**
 * @param samples one each LOAD_INTERVAL_MS, the newest last; CALM_SAMPLES are enough
 * @param max workers there are
 * @returns workers that shall read from now on
 */
export function readersWanted(samples: readonly LoadSample[], max: number): number {
  const last = samples.at(-1)
  if (last === undefined) return 1
  const { reading } = last
  const busy = meanLoad(samples, reading, BUSY_SAMPLES)
  if (busy > BUSY * reading) return Math.min(max, Math.ceil(busy / BUSY))
  if (reading === 1) return 1
  const calm = meanLoad(samples, reading, CALM_SAMPLES)
  if (calm >= 0 && calm <= CALM * (reading - 1)) return reading - 1
  return reading
}

/** Of the newest samples; -1 while there are not so many with this number of readers. */
function meanLoad(samples: readonly LoadSample[], reading: number, count: number): number {
  if (samples.length < count) return -1
  const newest = samples.slice(-count)
  if (newest.some((sample) => sample.reading !== reading)) return -1
  return newest.reduce((sum, { load }) => sum + load, 0) / count
}
