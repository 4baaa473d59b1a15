import type { RowBatch } from '../../row/row-batch.js'
import { pack } from './packed-payload.js'
import type { Place } from './place.js'
import { readPut, writePut } from './put-record.js'
import type { SpillQueue } from './spill-queue.js'
import { PACKED, PUT } from './spill-record.js'

/** Writes a batch behind all others; throws when the disk does not take it. */
export function appendBatch(queue: SpillQueue, batch: RowBatch, packing: boolean): void {
  const { kind, payload } = recordOf(batch, packing)
  queue.append(kind, batch.messageCount, payload)
}

/** The same for a batch that the store has already. */
export function appendTakenBatch(queue: SpillQueue, batch: RowBatch, packing: boolean): Place {
  const { kind, payload } = recordOf(batch, packing)
  return queue.appendTaken(kind, batch.messageCount, payload, null)
}

function recordOf(batch: RowBatch, packing: boolean): { kind: number; payload: Uint8Array[] } {
  const payload = writePut(batch)
  const packed = packing ? pack(payload) : null
  return packed === null ? { kind: PUT, payload } : { kind: PUT | PACKED, payload: packed }
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
