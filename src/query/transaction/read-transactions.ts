import { type Query, TABLE } from '../context.js'
import type { Span } from '../read/span.js'
import { readTraces } from '../read/traces.js'
import { type TransactionId, tracesKey } from '../read/transaction-id.js'

/** Transactions read at once; their bytes are counted when they are there. */
const CHUNK = 50

/** The spans of each transaction, some transactions at a time; none where nothing is stored. */
export async function* readTransactions(
  query: Query,
  ids: readonly TransactionId[],
  families: readonly string[],
): AsyncGenerator<Span[][]> {
  for (let at = 0; at < ids.length; at += CHUNK) {
    query.signal.throwIfAborted()
    const keys = ids.slice(at, at + CHUNK).map(tracesKey)
    const rows = await query.store.getAll(TABLE.traces, keys, { families, signal: query.signal })
    yield rows.map((row) => (row === undefined ? [] : readTraces(row)))
  }
}
