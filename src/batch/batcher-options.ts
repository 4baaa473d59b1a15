import type { BackoffOptions } from './backoff.js'

export interface BatcherOptions extends BackoffOptions {
  /** ms that a row waits at the most before its batch is sent */
  flushIntervalMs: number
  /** bytes at which a batch is sent at once */
  maxBatchBytes: number
  /** bytes of rows, waiting and in flight, above which messages are refused */
  maxQueueBytes: number
  /** bytes of the rows of one message */
  maxMessageBytes: number
}
