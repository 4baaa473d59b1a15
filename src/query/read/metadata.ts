import { saltedKey } from '../../row/rowkey.js'
import type { Table } from '../../row/tables.js'
import type { StoredRow } from '../../store/store.js'
import { i32, padded, rev64 } from './key.js'
import { RowReader } from './row-reader.js'

// ApiMetaData, SqlMetaData_Ver2, StringMetaData (spec: storage.md §7.5):
//   row => pad24(agent id)  rev(agent start time)  i32 id
//   Api => pstr api  i32 line  i32 type       Sql, Str => the text

export interface ApiMetadata {
  api: string
  /** -1: unknown */
  line: number
  /** 0: a method; else a label */
  type: number
}

/** As stored, with the salt. */
export function metadataKey(table: Table, agentId: string, startTime: number, id: number): Uint8Array {
  return saltedKey(table.salt, Buffer.concat([padded(agentId), rev64(startTime), i32(id)]))
}

export function readApiMetadata(row: StoredRow): ApiMetadata {
  const v = new RowReader(row.cells[0].value)
  const api = v.pstr() ?? ''
  const line = v.i32()
  return { api, line, type: v.left > 0 ? v.i32() : 0 }
}

/** The text of an SQL or string row. */
export function readText(row: StoredRow): string {
  return row.cells[0].value.toString('utf8')
}
