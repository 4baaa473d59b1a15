import type { RowBatch } from './row-batch.js'
import type { Table } from './tables.js'
import { NAME_WIDTH } from './transaction-id.js'

// Row of the three metadata tables (spec: storage.md §7.5):
//   pad24(agent id)  rev(agent start time)  i32 id

/** The fields that TApiMetaData, TSqlMetaData and TStringMetaData share. */
export interface MetadataOwner {
  agentIdAt: number
  agentIdLen: number
  agentStartTimeHi: number
  agentStartTimeLo: number
}

/** Starts the row and its only cell; write the value, then endMetadata(). */
export function beginMetadata(
  rows: RowBatch,
  t: Table,
  bytes: Uint8Array,
  owner: MetadataOwner,
  id: number,
  qualifier: Buffer,
): void {
  const w = rows.w
  rows.beginRow(t)
  w.padStr(bytes, owner.agentIdAt, owner.agentIdLen, NAME_WIDTH)
  w.rev64(owner.agentStartTimeHi, owner.agentStartTimeLo)
  w.i32(id)
  rows.endKey()
  rows.beginCell(0)
  w.raw(qualifier, 0, qualifier.length)
  rows.beginValue()
}

export function endMetadata(rows: RowBatch): void {
  rows.endCell()
  rows.endRow()
}
