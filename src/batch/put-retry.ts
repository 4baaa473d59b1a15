import { messageOf, StoreError } from '../errors.js'
import type { LimitedWarn } from '../log.js'
import type { RowBatch } from '../row/row-batch.js'
import type { Refusal, Store } from '../store/store.js'
import { type BackoffOptions, backoff } from './backoff.js'
import type { Settlement } from './settlement.js'

/** Told of each try to write. @param ok whether the store took it @param acceptedAt when its first row came, ms, if it has rows of messages */
export type WriteObserver = (seconds: number, ok: boolean, acceptedAt?: number | undefined) => void

/** Writes batches, each again and again while the store is away. */
export class PutRetry {
  /** why the store does not take rows now */
  failing: StoreError | null = null

  constructor(
    private readonly store: Store,
    private readonly options: BackoffOptions,
    private readonly settlement: Settlement,
    private readonly warn: LimitedWarn,
    private readonly onWrite: WriteObserver,
  ) {}

  /** Rejects when the batch can never be written, or could not until the signal came. */
  async put(batch: RowBatch, giveUp: AbortSignal): Promise<Refusal[]> {
    for (let attempt = 0; ; attempt++) {
      const started = performance.now()
      try {
        const refusals = await this.store.put(batch)
        this.onWrite((performance.now() - started) / 1000, true, batch.acceptedAt)
        this.failing = null
        return refusals
      } catch (error) {
        this.onWrite((performance.now() - started) / 1000, false)
        this.failing = error instanceof StoreError ? error : new StoreError('failed', messageOf(error), false)
        if (!(error instanceof StoreError) || !error.retriable || giveUp.aborted) throw error
        this.warn('store', `the store does not take rows, trying again: ${error.message}`, {
          reason: error.reason,
          attempt,
        })
        this.settlement.retried(batch, error.reason)
        await backoff(attempt, this.options, giveUp)
        if (giveUp.aborted) throw error
      }
    }
  }
}
