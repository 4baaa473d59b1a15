import type { Accounting } from '../accounting.js'
import type { CounterMap } from '../aggregate/counter-map.js'
import type { HostMapCache } from '../aggregate/host-map-cache.js'
import type { RowBatch } from '../row/row-batch.js'
import { TransactionId } from '../row/transaction-id.js'

const MINUTE_MS = 60_000

/** What the handlers of one worker write to, and the accept time of the message at hand. */
export class MapContext {
  /** ms; one value for all rows of a message */
  time = 0
  /** start of its minute */
  slot = 0
  /** scratch */
  readonly transactionId = new TransactionId()

  constructor(
    /** the batch that is open now; the batcher exchanges it */
    public rows: RowBatch,
    readonly counters: CounterMap,
    readonly hosts: HostMapCache,
    readonly accounting: Accounting,
    readonly sequenceLimit: number,
  ) {}

  accept(time: number): void {
    if (time < this.slot || time >= this.slot + MINUTE_MS) this.slot = Math.floor(time / MINUTE_MS) * MINUTE_MS
    this.time = time
  }
}
