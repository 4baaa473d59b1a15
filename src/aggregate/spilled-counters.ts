import { readIncrements, writeIncrements } from '../batch/spill/increment-record.js'
import type { Place } from '../batch/spill/place.js'
import type { SpillQueue } from '../batch/spill/spill-queue.js'
import { INCREMENT } from '../batch/spill/spill-record.js'
import type { IncrementId } from '../store/store.js'
import type { CounterMap } from './counter-map.js'
import { deltas, type Flush } from './flush.js'
import type { IncrementBatch } from './increment-batch.js'

// Counters on disk: each period of an outage leaves a record of about the same rows. They are replayed summed up, many
// records as one batch, or the store would be behind for as long as it was away.
//
// Each count must be added once, whenever this process dies:
//
//   1. The ID belongs to the batch that is sent, not to the record: a record that was never sent has none. Before the
//      store gets a batch, the segment's mark says which records are in it and under which ID.
//   2. A batch never goes beyond its segment, so that one write to one mark says all of it, and one write takes it back:
//      the acknowledgement, or the news that the store has nothing of it.
//   3. A next process that finds such a mark makes the same batch of the same records again (summing up is deterministic:
//      rows and columns in the order in which they first appear) and sends it under the same ID. Row n has the same nonce
//      and the same deltas as before, so that the store adds those rows that it has not added yet, and no others. No other
//      record is merged into it: the store would leave out the sum for a nonce that it knows, or add it for one it does not.
//   4. When a record of it cannot be read any more, the batch cannot be made again: nobody can tell which of its counts
//      the store has, and all of them are given up and counted as dropped.

/** Bytes of keys and columns of one batch, about; the last record may go beyond. */
const MERGED_BYTES = 1024 * 1024

/** What was read back as one batch. */
export interface SpilledCounters {
  batch: IncrementBatch
  places: Place[]
  /** of an attempt whose outcome is unknown; null: it was never sent */
  id: IncrementId | null
  /** whether the batch is the one that was sent; else it must not be sent */
  whole: boolean
}

/** Reads what stands first on disk. @param sum an empty map, which is empty afterwards */
export async function readCounters(queue: SpillQueue, sum: CounterMap): Promise<SpilledCounters | null> {
  const first = await queue.take()
  if (first === null) return null
  let last = first.place
  const places = [last]
  const sent = queue.sentWith(last)
  let whole = sent === null || sent.from === last.at
  sum.putBack(readIncrements(first.payload))
  while (sent === null ? sum.bytes < MERGED_BYTES : last.end < sent.to) {
    const record = await queue.take(last.segment)
    if (record === null) break
    if (sent !== null && record.place.at !== last.end) whole = false
    last = record.place
    places.push(last)
    sum.putBack(readIncrements(record.payload))
  }
  if (sent !== null && last.end !== sent.to) whole = false
  return { batch: sum.take(), places, id: sent?.id ?? null, whole }
}

/** Writes counters that were never sent. */
export function appendCounters(queue: SpillQueue, batch: IncrementBatch): void {
  queue.append(INCREMENT, deltas(batch), writeIncrements(batch))
}

/** Writes counters that are with the store. */
export function appendSent(queue: SpillQueue, { batch, id, deltas: count }: Flush): Place {
  return queue.appendTaken(INCREMENT, count, writeIncrements(batch), id)
}
