import { messageOf } from '../errors.js'
import { BrokerState } from './broker-state.js'
import type { StateStore } from './state-file.js'

interface Waiting {
  /** what it does to the draft; its result is kept until the draft is written */
  work: (draft: BrokerState) => unknown
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}

/** The queue is full: nothing was done, the same call may be made again. */
export class BusyError extends Error {}

/** The state could not be written: nothing was done. */
export class NotWrittenError extends Error {}

/** Figures for metrics and health. */
export interface InstancesReport {
  pending: number
  writes: number
  failedWrites: number
  stateBytes: number
  /** why the last write failed; null after one that did not */
  failure: string | null
}

/**
 * Instances and bindings, changed by one call after the other. Calls that come while the state is being written share
 * the next write; none is answered before what it saw and did is on disk.
 */
export class Instances {
  private waiting: Waiting[] = []
  private working: Promise<void> | null = null
  private pending = 0
  private writes = 0
  private failedWrites = 0
  private failure: string | null = null

  constructor(
    private readonly store: StateStore,
    private committed: BrokerState,
    private stateBytes: number,
    /** calls that may wait */
    private readonly maxPending: number,
  ) {}

  /** What is on disk. */
  get state(): BrokerState {
    return this.committed
  }

  report(): InstancesReport {
    return {
      pending: this.pending,
      writes: this.writes,
      failedWrites: this.failedWrites,
      stateBytes: this.stateBytes,
      failure: this.failure,
    }
  }

  /** Runs `work` on a draft of the state, and resolves with its result once the draft is on disk. */
  run<T>(work: (draft: BrokerState) => T): Promise<T> {
    if (this.pending >= this.maxPending) return Promise.reject(new BusyError())
    this.pending++
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ work, resolve: (result) => resolve(result as T), reject })
      this.working ??= this.drain()
    })
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.working !== null) await this.working
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting
      this.waiting = []
      await this.commit(batch)
      this.pending -= batch.length
    }
    this.working = null
  }

  private async commit(batch: Waiting[]): Promise<void> {
    const draft = new BrokerState(this.committed)
    const answers = batch.map((call) => answerOf(call, draft))
    try {
      if (draft.changed) await this.write(draft)
    } catch (error) {
      this.failedWrites++
      this.failure = messageOf(error)
      // also those that changed nothing: they may have seen what is not there now
      for (const call of batch) call.reject(new NotWrittenError(this.failure, { cause: error }))
      return
    }
    for (const answer of answers) answer()
  }

  private async write(draft: BrokerState): Promise<void> {
    this.stateBytes = await this.store.write(draft)
    this.writes++
    this.failure = null
    draft.changed = false
    this.committed = draft
  }
}

/** Does the work; its answer is given later. Work changes the draft last, so one that throws has changed nothing. */
function answerOf({ work, resolve, reject }: Waiting, draft: BrokerState): () => void {
  try {
    const result = work(draft)
    return () => resolve(result)
  } catch (error) {
    return () => reject(error)
  }
}
