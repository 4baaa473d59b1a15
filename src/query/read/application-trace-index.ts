import type { StoredRow } from '../../store/store.js'
import { padded, rev64 } from './key.js'
import { RowReader } from './row-reader.js'
import type { TransactionId } from './transaction-id.js'

// ApplicationTraceIndex (spec: storage.md §5), the scatter chart:
//   row    => pad24(application)  rev(accept time)
//   column => pstr agent id  svar(long) agent start  var(long) sequence       value => var(elapsed) svar(err) pstr(agent id)

/** One span as the scatter chart shows it. */
export interface TraceDot {
  transactionId: TransactionId
  /** ms */
  acceptTime: number
  /** ms */
  elapsed: number
  error: boolean
  agentId: string
}

export function traceIndexKey(applicationName: string, time: number): Buffer {
  return Buffer.concat([padded(applicationName), rev64(time)])
}

const TIME_AT = 1 + 24

export function readTraceIndex(row: StoredRow): TraceDot[] {
  const acceptTime = new RowReader(row.key, TIME_AT).rev64()
  return row.cells.map(({ qualifier, value }) => {
    const column = new RowReader(qualifier)
    const transactionId = { agentId: column.pstr() ?? '', startTime: column.svar64(), sequence: column.var64() }
    const v = new RowReader(value)
    return { transactionId, acceptTime, elapsed: v.var32(), error: v.svar32() !== 0, agentId: v.pstr() ?? '' }
  })
}
