import type { TSpan } from '../thrift/generated/trace.js'
import type { RowBatch } from './row-batch.js'
import { table } from './tables.js'
import { NAME_WIDTH, type TransactionId } from './transaction-id.js'

// ApplicationTraceIndex (spec: storage.md §5), the scatter chart:
//   row    => pad24(application)  rev(accept time)
//   column => transaction id, index form       value => var(elapsed) svar(err) pstr(agent id)

const INDEX = table('ApplicationTraceIndex')
const I = 0

/** Appends the index row of a span accepted at `time` (ms). */
export function appendTraceIndex(
  rows: RowBatch,
  bytes: Uint8Array,
  span: TSpan,
  id: TransactionId,
  time: number,
): void {
  const w = rows.w
  rows.beginRow(INDEX)
  w.padStr(bytes, span.applicationNameAt, span.applicationNameLen, NAME_WIDTH)
  w.revTime64(time)
  rows.endKey()
  rows.beginCell(I)
  id.writeIndexColumn(w, bytes)
  rows.beginValue()
  w.var32(span.elapsed)
  w.svar32(span.err)
  w.pstr(bytes, span.agentIdAt, span.agentIdLen)
  rows.endCell()
  rows.endRow()
}
