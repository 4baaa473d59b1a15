import { DROP_NAMES, type DropName } from './drop-reasons.js'
import { TABLES } from './row/tables.js'
import { MESSAGE_TYPES } from './thrift/message-type.js'

export type ReceiverName = 'tcp' | 'stat' | 'span'

/**
 * What one worker has received, stored and dropped, as plain numbers that the hot path adds to. At every moment:
 *
 *   sum(messages) + recovered + drops before a type was known = sum(stored) + sum(dropped) + inFlight
 *
 * where the kernel's drops stand apart (they were never received). A message is in flight while it waits in memory or on
 * disk. What is on disk when the process ends is in flight for good there, and `recovered` in the process that finds it;
 * so over the processes: messages = stored + dropped + in flight in the last + lost in memory with a process that died.
 * A record that was stored and not yet acknowledged on disk when a process died is stored twice: as the same cells.
 */
export class Accounting {
  readonly packets: Record<ReceiverName, number> = { tcp: 0, stat: 0, span: 0 }
  /** answers "OK" given to agents' network checks; these packets are no messages */
  networkChecks = 0
  /** by MESSAGE_TYPES index: decoded, known type */
  readonly messages = new Float64Array(MESSAGE_TYPES.length)
  /** by MESSAGE_TYPES index: all rows acknowledged by the store */
  readonly stored = new Float64Array(MESSAGE_TYPES.length)
  /** messages decoded and neither stored nor dropped yet */
  inFlight = 0
  /** messages of former processes that were found on disk */
  recovered = 0
  readonly dropped: Record<DropName, number>
  /** by Table.id: rows acknowledged, puts and increments */
  readonly rowsWritten = new Float64Array(TABLES.length)
  /** table id → reason → rows written again after a failure */
  readonly rowsRetried = new Map<number, Map<string, number>>()
  /** counts (+1 each) taken for the statistics tables, found on disk, and what became of them */
  readonly counts = { taken: 0, recovered: 0, stored: 0, dropped: 0 }
  /** single fields of a message that were left out while the rest was stored, by reason */
  readonly partial = new Map<string, number>()

  constructor() {
    const dropped: Partial<Record<DropName, number>> = {}
    for (const name of DROP_NAMES) dropped[name] = 0
    this.dropped = dropped as Record<DropName, number>
  }

  /** A message lost before its type was known, or with it never counted as in flight. */
  drop(name: DropName, n = 1): void {
    this.dropped[name] += n
  }

  /** A message of known type begins its way. */
  begin(type: number): void {
    this.messages[type]++
    this.inFlight++
  }

  /** A message in flight is lost. */
  dropInFlight(name: DropName, n = 1): void {
    this.dropped[name] += n
    this.inFlight -= n
  }

  /** A message in flight is stored. */
  store(type: number): void {
    this.stored[type]++
    this.inFlight--
  }

  /** Messages and counts of former processes are in flight again. */
  recover(messages: number, counts: number): void {
    this.recovered += messages
    this.inFlight += messages
    this.counts.recovered += counts
  }

  retried(tableId: number, reason: string, rows: number): void {
    let byReason = this.rowsRetried.get(tableId)
    if (!byReason) this.rowsRetried.set(tableId, (byReason = new Map()))
    byReason.set(reason, (byReason.get(reason) ?? 0) + rows)
  }

  leftOut(reason: string): void {
    this.partial.set(reason, (this.partial.get(reason) ?? 0) + 1)
  }
}
