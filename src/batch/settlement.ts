import type { Accounting } from '../accounting.js'
import type { DropName } from '../drop-reasons.js'
import { messageOf, StoreError } from '../errors.js'
import type { LimitedWarn } from '../log.js'
import { ROW_INTS, ROW_MESSAGE, ROW_TABLE, type RowBatch } from '../row/row-batch.js'
import type { Refusal } from '../store/store.js'

/** Counts what became of a batch, and tells those who wait for its messages. */
export class Settlement {
  constructor(
    private readonly accounting: Accounting,
    private readonly warn: LimitedWarn,
  ) {}

  /** The store has all but some rows. */
  stored(batch: RowBatch, refusals: Refusal[]): void {
    const { rows, rowCount, messageTypes } = batch
    const { accounting } = this
    for (let i = 0; i < rowCount; i++) accounting.rowsWritten[rows[i * ROW_INTS + ROW_TABLE]]++
    const refused = new Map<number, Refusal>()
    for (const refusal of refusals) {
      const at = refusal.row * ROW_INTS
      accounting.rowsWritten[rows[at + ROW_TABLE]]--
      refused.set(rows[at + ROW_MESSAGE], refusal)
      this.warn('refused', `the store refused a row for good: ${refusal.message}`, { reason: refusal.reason })
    }
    for (let message = 0; message < messageTypes.length; message++) {
      if (refused.size > 0 && refused.has(message)) accounting.dropInFlight('storeRefused')
      else accounting.store(messageTypes[message])
    }
    for (const [message, done] of batch.waiting) {
      const refusal = refused.get(message)
      done(refusal ? new StoreError(refusal.reason, refusal.message, false) : null)
    }
  }

  /** The store has nothing of it, and never will. */
  dropped(batch: RowBatch, error: unknown): void {
    this.warn('store', `dropped a batch: ${messageOf(error)}`, { messages: batch.messageCount })
    this.accounting.dropInFlight(dropOf(error), batch.messageCount)
    for (const done of batch.waiting.values()) done(error instanceof Error ? error : new Error(messageOf(error)))
  }

  /** All rows are written again. */
  retried(batch: RowBatch, reason: string): void {
    for (let i = 0; i < batch.rowCount; i++) this.accounting.retried(batch.rows[i * ROW_INTS + ROW_TABLE], reason, 1)
  }

  /** The batch is on disk: nothing can happen to its messages any more. */
  safe(batch: RowBatch): void {
    for (const done of batch.waiting.values()) done(null)
    batch.waiting.clear()
  }
}

function dropOf(error: unknown): DropName {
  if (!(error instanceof StoreError) || !error.retriable) return 'storeRefused'
  return error.reason === 'full' ? 'storeFull' : 'storeFailed'
}
