import type { SpillSegment } from './spill-segment.js'

/** Where a record that was read stands. */
export interface Place {
  count: number
  segment: SpillSegment
  at: number
  end: number
  done: boolean
}

/** A record that was read; ack() must follow. */
export interface TakenRecord {
  kind: number
  count: number
  payload: Buffer
  readonly place: Place
}
