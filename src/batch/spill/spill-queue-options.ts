import type { LimitedWarn } from '../../log.js'

export interface SpillQueueOptions {
  dir: string
  maxBytes: number
  segmentBytes: number
  warn: LimitedWarn
  /** told of records that are lost, and what they counted */
  onLost(why: 'full' | 'damaged', count: number): void
}
