import { RowError } from '../errors.js'
import { beginMetadata, endMetadata } from '../row/metadata.js'
import { table } from '../row/tables.js'
import {
  type TApiMetaData,
  TApiMetaDataBit,
  type TSqlMetaData,
  type TStringMetaData,
} from '../thrift/generated/trace.js'
import type { MapContext } from './context.js'

// TApiMetaData    => ApiMetaData       Api:P_api_signature = pstr(info) i32 line (-1) i32 type (0)      (spec: storage.md §7.5)
// TSqlMetaData    => SqlMetaData_Ver2  Sql:P_sql_statement = text
// TStringMetaData => StringMetaData    Str:P_string        = text

const API = table('ApiMetaData')
const SQL = table('SqlMetaData_Ver2')
const STRING = table('StringMetaData')
const P_API_SIGNATURE = Buffer.from('P_api_signature')
const P_SQL_STATEMENT = Buffer.from('P_sql_statement')
const P_STRING = Buffer.from('P_string')

function require(present: boolean, field: string): void {
  if (!present) throw new RowError('missing_field', `metadata without ${field}`)
}

export function mapApiMetadata({ rows }: MapContext, bytes: Uint8Array, m: TApiMetaData): void {
  require(m.agentIdLen >= 0, 'agentId')
  const w = rows.w
  beginMetadata(rows, API, bytes, m, m.apiId, P_API_SIGNATURE)
  w.pstr(bytes, m.apiInfoAt, m.apiInfoLen)
  w.i32((m.set & TApiMetaDataBit.line) !== 0 ? m.line : -1)
  w.i32(m.type)
  endMetadata(rows)
}

export function mapSqlMetadata({ rows }: MapContext, bytes: Uint8Array, m: TSqlMetaData): void {
  require(m.agentIdLen >= 0, 'agentId')
  require(m.sqlLen >= 0, 'sql')
  beginMetadata(rows, SQL, bytes, m, m.sqlId, P_SQL_STATEMENT)
  rows.w.str(bytes, m.sqlAt, m.sqlLen)
  endMetadata(rows)
}

export function mapStringMetadata({ rows }: MapContext, bytes: Uint8Array, m: TStringMetaData): void {
  require(m.agentIdLen >= 0, 'agentId')
  require(m.stringValueLen >= 0, 'stringValue')
  beginMetadata(rows, STRING, bytes, m, m.stringId, P_STRING)
  rows.w.str(bytes, m.stringValueAt, m.stringValueLen)
  endMetadata(rows)
}
