import { saltedKey } from '../../row/rowkey.js'
import { table } from '../../row/tables.js'
import { BadRequest } from '../bad-request.js'
import { i64, padded } from './key.js'

// Transaction id (spec: storage.md §3):
//   text       => agent id ^ agent start time ^ sequence
//   Traces row => pad24(agent id)  i64 agent start time  i64 sequence

const TRACES = table('Traces')

export interface TransactionId {
  agentId: string
  /** ms */
  startTime: number
  sequence: number
}

const TEXT = /^(.*?)\^(-?\d{1,19})\^(-?\d{1,19})(?:\^.*)?$/s

/** Parses what URLs and forms carry. */
export function parseTransactionId(text: string): TransactionId {
  const match = TEXT.exec(text)
  if (match === null)
    throw new BadRequest('bad_transaction_id', `"${text}" is no transaction id: agent^start time^sequence is`)
  return { agentId: match[1], startTime: Number(match[2]), sequence: Number(match[3]) }
}

export function transactionText({ agentId, startTime, sequence }: TransactionId): string {
  return `${agentId}^${startTime}^${sequence}`
}

/** As stored, with the salt. */
export function tracesKey({ agentId, startTime, sequence }: TransactionId): Uint8Array {
  return saltedKey(TRACES.salt, Buffer.concat([padded(agentId), i64(startTime), i64(sequence)]))
}

/** By agent, then by start, then by sequence. */
export function compareTransactions(a: TransactionId, b: TransactionId): number {
  if (a.agentId !== b.agentId) return a.agentId < b.agentId ? -1 : 1
  return a.startTime - b.startTime || a.sequence - b.sequence
}
