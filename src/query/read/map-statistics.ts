import type { StoredRow } from '../../store/store.js'
import { type Application, application } from '../application.js'
import { i16, rev64 } from './key.js'
import { RowReader } from './row-reader.js'

// The three statistics tables (spec: storage.md §6.4). The names are crossed: the Callee table has the caller in its row.
//   row           => i16 length  name  i16 type  rev(minute slot)
//   callee column => i16 type  pstr name  pstr host  i16 slot  pstr caller agent id
//   caller column => i16 type  i16 slot  i16 length  name  host
//   self column   => i16 slot  agent id
//   value         => i64 count

/** Calls from the row's application. */
export interface OutgoingCalls {
  callee: Application
  /** "" when nobody knew it */
  host: string
  callerAgent: string
  slot: number
}

/** Calls to the row's application. */
export interface IncomingCalls {
  caller: Application
  host: string
  slot: number
}

/** Responses of one agent of the row's application. */
export interface Responses {
  agentId: string
  slot: number
}

const TIME_BYTES = 8

/** Key without salt of the minute that `minute` is the start of. */
export function statisticsKey({ name, type }: Application, minute: number): Buffer {
  const text = Buffer.from(name)
  return Buffer.concat([i16(text.length), text, i16(type.code), rev64(minute)])
}

/** Start of a row's minute, ms. */
export function readMinute({ key }: StoredRow): number {
  return new RowReader(key, key.length - TIME_BYTES).rev64()
}

export function readCount(value: Buffer): number {
  return new RowReader(value).i64()
}

/** A column of the Callee table. */
export function readOutgoing(qualifier: Buffer): OutgoingCalls {
  const column = new RowReader(qualifier)
  const type = column.i16()
  const callee = application(column.pstr() ?? '', type)
  return { callee, host: column.pstr() ?? '', slot: column.i16(), callerAgent: column.pstr() ?? '' }
}

/** A column of the Caller table. */
export function readIncoming(qualifier: Buffer): IncomingCalls {
  const column = new RowReader(qualifier)
  const type = column.i16()
  const slot = column.i16()
  return { caller: application(rightTrim(column.p2str() ?? ''), type), slot, host: rightTrim(column.rest()) }
}

/** A column of the Self table. */
export function readResponses(qualifier: Buffer): Responses {
  const column = new RowReader(qualifier)
  return { slot: column.i16(), agentId: column.rest() }
}

function rightTrim(text: string): string {
  return text.replace(/ +$/, '')
}
