import type { Refusal } from '../store.js'
import { type CallFailure, outcomeUnknown } from './call-failure.js'

const WAITING = 0
const DONE = 1
const REFUSED = 2

/** How far each row of one put or increment is. */
export class RowStates {
  readonly refusals: Refusal[] = []
  private readonly state: Uint8Array
  /** ms since when a row may have been written without our knowing; Infinity: it has not */
  private readonly unknown: Float64Array
  private readonly alone: Uint8Array
  private anyDone = false
  private unknownRows = 0
  /** of the row that failed last */
  lastFailure: CallFailure | null = null
  waiting: number

  constructor(readonly rowCount: number) {
    this.state = new Uint8Array(rowCount)
    this.alone = new Uint8Array(rowCount)
    this.unknown = new Float64Array(rowCount).fill(Infinity)
    this.waiting = rowCount
  }

  isWaiting(row: number): boolean {
    return this.state[row] === WAITING
  }

  /** Whether the row has to be sent in a call of its own, so that it cannot make others fail. */
  isAlone(row: number): boolean {
    return this.alone[row] === 1
  }

  sendAlone(row: number): void {
    this.alone[row] = 1
  }

  waitingRows(): number[] {
    const rows: number[] = []
    for (let row = 0; row < this.rowCount; row++) if (this.state[row] === WAITING) rows.push(row)
    return rows
  }

  done(row: number): void {
    if (this.state[row] !== WAITING) return
    this.leave(row, DONE)
    this.anyDone = true
  }

  refuse(row: number, reason: string, message: string): void {
    if (this.state[row] !== WAITING) return
    this.leave(row, REFUSED)
    this.refusals.push({ row, reason, message })
  }

  private leave(row: number, state: number): void {
    this.state[row] = state
    this.waiting--
    if (this.unknown[row] < Infinity) this.unknownRows--
  }

  failed(row: number, failure: CallFailure, now: number): void {
    this.lastFailure = failure
    if (outcomeUnknown(failure.kind)) this.mayBeDone(row, now)
  }

  /** All rows that wait may have been written by an earlier attempt at that time (ms). */
  unknownSince(time: number): void {
    for (const row of this.waitingRows()) this.mayBeDone(row, time)
  }

  private mayBeDone(row: number, time: number): void {
    if (this.unknown[row] < Infinity) return
    this.unknown[row] = time
    this.unknownRows++
  }

  /** No row has been written, nor can any have been. */
  get untouched(): boolean {
    return !this.anyDone && this.unknownRows === 0 && this.refusals.length === 0
  }

  /** Since when (ms) the outcome of this row is unknown; Infinity when it is known. */
  unknownSinceOf(row: number): number {
    return this.unknown[row]
  }
}
