import { RowError } from '../errors.js'
import type { TAgentInfo } from '../thrift/generated/pinpoint.js'
import type { RowBatch } from './row-batch.js'
import { table } from './tables.js'

// ApplicationIndex (spec: storage.md §7.2):
//   row => application name      column => agent id      value => i16 service type

const INDEX = table('ApplicationIndex')
const AGENTS = 0

export function appendApplicationIndex(rows: RowBatch, bytes: Uint8Array, info: TAgentInfo): void {
  const w = rows.w
  // an empty row key does not exist
  if (info.applicationNameLen <= 0) throw new RowError('missing_field', 'TAgentInfo without applicationName')
  rows.beginRow(INDEX)
  w.str(bytes, info.applicationNameAt, info.applicationNameLen)
  rows.endKey()
  rows.beginCell(AGENTS)
  w.str(bytes, info.agentIdAt, info.agentIdLen)
  rows.beginValue()
  w.i16(info.serviceType)
  rows.endCell()
  rows.endRow()
}
