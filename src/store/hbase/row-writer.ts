import { backoff } from '../../batch/backoff.js'
import { StoreError } from '../../errors.js'
import { TABLES } from '../../row/tables.js'
import type { Refusal } from '../store.js'
import { asFailure, CallFailure } from './call-failure.js'
import { MAX_ROW_BYTES } from './cell-block.js'
import type { ConnectionPool } from './connection-pool.js'
import { findRegions } from './find-regions.js'
import type { FlowControl } from './flow-control.js'
import type { FrameBuffers } from './frame-buffers.js'
import type { MetaCache } from './meta-cache.js'
import { type HbaseMetrics, NO_METRICS } from './metrics.js'
import { multiFrame, type RegionRows } from './multi-request.js'
import { readMultiResponse } from './multi-response.js'
import { keyBytesOf, type MutationRows, tableOf } from './mutation-rows.js'
import { RowStates } from './row-states.js'
import type { FullSettings } from './settings.js'
import { groupRows, type WriteCall } from './write-call.js'

/** Rows of one call; increments are done one by one by the server, so fewer of them fit its time. */
const MAX_CALL_ROWS = { put: 4000, increment: 500 }
const NO_ANSWER = new CallFailure('later', 'no_answer', 'a server left a row out of its answer')
const AWAY = new CallFailure('unsent', 'region_away', 'a region is on no server now')

/** Writes rows to the region servers that have them, in rounds: each sends what is not yet done, grouped anew. */
export class RowWriter {
  private readonly metrics: HbaseMetrics

  constructor(
    private readonly settings: FullSettings,
    private readonly meta: MetaCache,
    private readonly connections: ConnectionPool,
    private readonly flow: FlowControl,
    private readonly closing: AbortSignal,
  ) {
    this.metrics = settings.metrics ?? NO_METRICS
  }

  /** Every row is written again until it is done, refused, or the time is up: then it rejects, whatever was written. */
  async put(source: MutationRows): Promise<Refusal[]> {
    const states = this.begin(source)
    const deadline = performance.now() + this.settings.writeTimeoutMs
    for (let attempt = 0; ; attempt++) {
      if (!this.closing.aborted) await this.round(source, states)
      if (states.waiting === 0) return states.refusals
      if (this.closing.aborted || performance.now() >= deadline) throw this.notWritten(states)
      await backoff(attempt, this.settings, this.closing)
    }
  }

  /**
   * Rejects only while no row can have been added. Rows whose outcome is unknown are tried again with the same nonce, so
   * that they count once, for as long as servers remember nonces; after that they are refused.
   * @param sentMsAgo age of an attempt by a former process whose outcome is unknown; null when there was none
   */
  async increment(source: MutationRows, sentMsAgo: number | null): Promise<Refusal[]> {
    const states = this.begin(source)
    if (sentMsAgo !== null) states.unknownSince(performance.now() - sentMsAgo)
    this.refuseForgotten(states)
    const deadline = performance.now() + this.settings.writeTimeoutMs
    for (let attempt = 0; ; attempt++) {
      if (!this.closing.aborted) await this.round(source, states)
      this.refuseForgotten(states)
      if (states.waiting === 0) return states.refusals
      const closed = this.closing.aborted
      if (states.untouched && (closed || performance.now() >= deadline)) throw this.notWritten(states)
      if (closed) return this.refuseWaiting(states)
      await backoff(attempt, this.settings, this.closing)
    }
  }

  private begin(source: MutationRows): RowStates {
    const states = new RowStates(source.rowCount)
    for (let row = 0; row < source.rowCount; row++) {
      const keyBytes = keyBytesOf(source, row)
      if (keyBytes === 0 || keyBytes > MAX_ROW_BYTES) {
        states.refuse(row, 'bad_row_key', `a row key of ${keyBytes} bytes; HBase takes 1 to ${MAX_ROW_BYTES}`)
      } else if (source.largestValue[row] > this.settings.maxValueBytes) {
        const text = `${TABLES[tableOf(source, row)].name}: a value of ${source.largestValue[row]} bytes`
        states.refuse(row, 'too_large', `${text}; HBase takes ${this.settings.maxValueBytes}`)
      } else if (source.cellCounts[row] === 0) states.done(row)
    }
    return states
  }

  private notWritten(states: RowStates): StoreError {
    const failure = states.lastFailure
    if (this.closing.aborted) return new StoreError('closed', 'the store is closed', true)
    return new StoreError(failure?.reason ?? 'failed', failure?.message ?? 'HBase did not take the rows in time', true)
  }

  private refuseForgotten(states: RowStates): void {
    const before = performance.now() - this.settings.nonceLifeMs
    for (const row of states.waitingRows()) {
      const since = states.unknownSinceOf(row)
      if (since < before) this.refuseUnknown(states, row)
    }
  }

  private refuseWaiting(states: RowStates): Refusal[] {
    for (const row of states.waitingRows()) {
      if (states.unknownSinceOf(row) < Infinity) this.refuseUnknown(states, row)
      else states.refuse(row, 'closed', 'the store was closed before HBase took this row')
    }
    return states.refusals
  }

  private refuseUnknown(states: RowStates, row: number): void {
    states.refuse(
      row,
      'outcome_unknown',
      'nobody knows whether HBase added this row; adding it again might count it twice',
    )
  }

  private async round(source: MutationRows, states: RowStates): Promise<void> {
    const limits = {
      maxCallBytes: this.settings.maxCallBytes,
      maxCallRows: MAX_CALL_ROWS[source.kind],
      lanes: this.settings.lanes,
    }
    const group = (): ReturnType<typeof groupRows> => groupRows(source, states.waitingRows(), states, this.meta, limits)
    let { calls, homeless } = group()
    if (homeless.length > 0) {
      const failure = await findRegions(this.meta, source, states, homeless)
      ;({ calls, homeless } = group())
      for (const row of homeless) this.retry(source, states, row, failure ?? AWAY)
    }
    await Promise.all(calls.map((call) => this.send(source, states, call)))
  }

  private async send(source: MutationRows, states: RowStates, call: WriteCall): Promise<void> {
    const { server, parts } = call
    await this.flow.acquire(server, call.bytes)
    const started = performance.now()
    let busy = false
    let ok = true
    try {
      const timeoutMs = this.settings.callTimeoutMs
      const connection = this.connections.get(call.address)
      const frameOf = (callId: number, buffers: FrameBuffers): Buffer =>
        multiFrame(source, parts, source.nonceGroup, callId, timeoutMs, buffers)
      const answer = await connection.send(frameOf, timeoutMs)
      busy = this.settle(source, states, parts, answer.param)
    } catch (error) {
      const failure = asFailure(error)
      ok = false
      busy = failure.kind === 'busy'
      this.callFailed(source, states, call, failure)
    }
    this.metrics.called(server, 'Multi', (performance.now() - started) / 1000, ok)
    this.flow.release(server, call.bytes, busy)
  }

  /** @returns whether the server asked for less */
  private settle(source: MutationRows, states: RowStates, parts: readonly RegionRows[], answer: Buffer): boolean {
    const failed = new Map<number, CallFailure>()
    readMultiResponse(answer, {
      row: (row, failure) => {
        if (failure === null) states.done(row)
        else failed.set(row, failure)
      },
      region: (index, failure) => {
        for (const row of parts[index]?.rows ?? []) failed.set(row, failure)
      },
    })
    for (const part of parts) {
      let done = 0
      for (const row of part.rows) {
        if (states.isWaiting(row)) this.actionFailed(source, states, part, row, failed.get(row) ?? NO_ANSWER)
        else done++
      }
      if (done > 0) this.metrics.written(tableOf(source, part.rows[0]), done)
    }
    for (const failure of failed.values()) if (failure.kind === 'busy') return true
    return false
  }

  private actionFailed(
    source: MutationRows,
    states: RowStates,
    part: RegionRows,
    row: number,
    failure: CallFailure,
  ): void {
    if (failure.kind === 'applied') states.done(row)
    else if (failure.kind === 'permanent') this.permanent(states, part.rows.length, row, failure)
    else {
      if (failure.kind === 'stale') this.meta.invalidate(tableOf(source, row), part.region)
      this.retry(source, states, row, failure)
    }
  }

  /** A server blames all rows that came together for one bad row: they are sent one by one before any is refused. */
  private permanent(states: RowStates, together: number, row: number, failure: CallFailure): void {
    const clear = failure.reason === 'no_such_family' || failure.reason === 'no_such_table'
    if (together > 1 && !clear) states.sendAlone(row)
    else states.refuse(row, failure.reason, failure.message)
  }

  private callFailed(source: MutationRows, states: RowStates, call: WriteCall, failure: CallFailure): void {
    if (failure.kind === 'lost' || failure.kind === 'unsent') this.meta.invalidateServer(call.server)
    for (const part of call.parts) {
      if (failure.kind === 'stale') this.meta.invalidate(tableOf(source, part.rows[0]), part.region)
      for (const row of part.rows) {
        if (!states.isWaiting(row)) continue
        if (failure.kind === 'permanent') this.permanent(states, call.rowCount, row, failure)
        else this.retry(source, states, row, failure)
      }
    }
  }

  private retry(source: MutationRows, states: RowStates, row: number, failure: CallFailure): void {
    states.failed(row, failure, performance.now())
    this.metrics.retried(tableOf(source, row), failure.reason, 1)
  }
}
