import type { TSpan } from '../thrift/generated/trace.js'
import type { RowBatch } from './row-batch.js'
import { table } from './tables.js'
import { NAME_WIDTH } from './transaction-id.js'

// HostApplicationMap_Ver2 (spec: storage.md §6.6): under which host an application was called by its parent.
//   row    => pad24(parent application)  i16 parent type (raw)  rev(minute slot)
//   column => pstr(acceptor host)  pstr(application)  i16 type (resolved)       value => empty

const HOST_MAP = table('HostApplicationMap_Ver2')
const M = 0

/** Appends the row of a span with an acceptorHost. @param slot start of the minute, ms */
export function appendHostMap(
  rows: RowBatch,
  bytes: Uint8Array,
  span: TSpan,
  applicationType: number,
  slot: number,
): void {
  const w = rows.w
  rows.beginRow(HOST_MAP)
  w.padStr(bytes, span.parentApplicationNameAt, span.parentApplicationNameLen, NAME_WIDTH)
  w.i16(span.parentApplicationType)
  w.revTime64(slot)
  rows.endKey()
  rows.beginCell(M)
  w.pstr(bytes, span.acceptorHostAt, span.acceptorHostLen)
  w.pstr(bytes, span.applicationNameAt, span.applicationNameLen)
  w.i16(applicationType)
  rows.beginValue()
  rows.endCell()
  rows.endRow()
}
