import type { TransactionMetadata } from '../api/transactions.js'

export type SortColumn = 'startTime' | 'application' | 'elapsed' | 'exception' | 'agentId' | 'remoteAddr'

export interface SortOrder {
  column: SortColumn
  descending: boolean
}

/** Slowest first is what one looks for. */
export const FIRST_ORDER: SortOrder = { column: 'elapsed', descending: true }

/** The same column again turns the order round; figures begin with the largest, texts with A. */
export function nextOrder(order: SortOrder, column: SortColumn): SortOrder {
  if (order.column === column) return { column, descending: !order.descending }
  return { column, descending: column === 'elapsed' || column === 'startTime' || column === 'exception' }
}

export function sortTransactions(list: readonly TransactionMetadata[], order: SortOrder): TransactionMetadata[] {
  const sign = order.descending ? -1 : 1
  return list.toSorted((a, b) => sign * compare(a[order.column], b[order.column]) || b.startTime - a.startTime)
}

/** Transactions with the text in path, agent, client or id. */
export function filterTransactions(
  list: readonly TransactionMetadata[],
  query: string,
): readonly TransactionMetadata[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return list
  return list.filter((t) =>
    [t.application, t.agentId, t.remoteAddr, t.traceId].some((text) => text?.toLowerCase().includes(wanted)),
  )
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b))
}
