import type { Place } from '../batch/spill/place.js'
import type { IncrementId } from '../store/store.js'
import type { IncrementBatch } from './increment-batch.js'

/** Counters in the hands of the store, or about to be. */
export interface Flush {
  batch: IncrementBatch
  id: IncrementId
  deltas: number
  /** performance.now() of the present attempt */
  since: number
  /** the records on disk that it is the sum of; none: only in memory */
  places: readonly Place[]
}

/** The sum of all that a batch adds. */
export function deltas(batch: IncrementBatch): number {
  let sum = 0
  for (const row of batch) for (const column of row.columns) sum += column.delta
  return sum
}
