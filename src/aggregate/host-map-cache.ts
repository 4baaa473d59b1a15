import type { TSpan } from '../thrift/generated/trace.js'
import { BytesIndex } from './bytes-index.js'

/** Names longer than any real one must not fill the memory. */
const MAX_BYTES = 16 * 1024 * 1024

/**
 * Remembers in which minute a host mapping was written last, so that it is written once a minute (spec: storage.md §6.6).
 * When it is full it starts anew: the rows are then written once more than needed, which does no harm.
 */
export class HostMapCache {
  private readonly index = new BytesIndex()
  private slots: number[] = []

  constructor(private readonly maxEntries: number) {}

  /** Whether the mapping of this span has to be written for the minute that starts at `slot` (ms). */
  due(bytes: Uint8Array, span: TSpan, applicationType: number, slot: number): boolean {
    let entry = this.entryOf(bytes, span, applicationType)
    if (entry >= this.maxEntries || this.index.bytes > MAX_BYTES) {
      this.index.clear()
      this.slots.length = 0
      entry = this.entryOf(bytes, span, applicationType)
    }
    const last = this.slots[entry]
    if (last !== undefined && last >= slot) return false
    this.slots[entry] = slot
    return true
  }

  private entryOf(bytes: Uint8Array, span: TSpan, applicationType: number): number {
    const w = this.index.w
    this.index.mark()
    w.i16(applicationType)
    w.i16(span.parentApplicationType)
    w.pbytes(bytes, span.acceptorHostAt, span.acceptorHostLen)
    w.pbytes(bytes, span.applicationNameAt, span.applicationNameLen)
    w.pbytes(bytes, span.parentApplicationNameAt, span.parentApplicationNameLen)
    return this.index.put()
  }
}
