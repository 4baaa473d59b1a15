import type { RowBatch } from '../../row/row-batch.js'
import type { Place } from './place.js'
import { readPut, writePut } from './put-record.js'
import type { SpillQueue } from './spill-queue.js'
import { PUT } from './spill-record.js'

/** Writes a batch behind all others; throws when the disk does not take it. */
export function appendBatch(queue: SpillQueue, batch: RowBatch): void {
  queue.append(PUT, batch.messageCount, writePut(batch))
}

/** The same for a batch that the store has already. */
export function appendTakenBatch(queue: SpillQueue, batch: RowBatch): Place {
  return queue.appendTaken(PUT, batch.messageCount, writePut(batch), null)
}

/** Adds what stands first in the queue to the batch, until that is full. @returns what is to be acknowledged with it */
export async function readBatches(queue: SpillQueue, batch: RowBatch, maxBytes: number): Promise<Place[]> {
  const places: Place[] = []
  while (batch.bytes < maxBytes) {
    const record = await queue.take()
    if (record === null) break
    readPut(record.payload, batch)
    places.push(record.place)
  }
  return places
}
