import { BadRequest } from '../bad-request.js'
import type { Query } from '../context.js'
import type { Span } from '../read/span.js'
import { SPANS } from '../read/traces.js'
import { type TransactionId, transactionText } from '../read/transaction-id.js'
import { readTransactions } from './read-transactions.js'

/** One point of the scatter chart that was selected. */
export interface SelectedPoint {
  transactionId: TransactionId
  /** ms */
  acceptTime: number
  /** ms */
  elapsed: number
}

/** One line of the list. */
export interface TransactionLine {
  traceId: string
  collectorAcceptTime: number
  startTime: number
  elapsed: number
  /** path of the request */
  application: string | null
  agentId: string
  endpoint: string | null
  exception: number
  remoteAddr: string | null
}

/** The spans that points stand for. */
export async function transactionList(query: Query, points: readonly SelectedPoint[]): Promise<TransactionLine[]> {
  const { transactions } = query.limits
  if (points.length > transactions)
    throw new BadRequest(
      'too_many_transactions',
      `${points.length} transactions are more than the ${transactions} of query.maxTransactions`,
    )
  const lines: TransactionLine[] = []
  let index = 0
  const ids = points.map((point) => point.transactionId)
  for await (const chunk of readTransactions(query, ids, SPANS)) {
    for (const spans of chunk) {
      const point = points[index++]
      lines.push(...(spans.length === 1 ? spans : spans.filter((span) => isAt(span, point))).map(lineOf))
    }
  }
  return lines
}

function isAt(span: Span, { acceptTime, elapsed }: SelectedPoint): boolean {
  return span.acceptTime === acceptTime && span.elapsed === elapsed
}

function lineOf(span: Span): TransactionLine {
  return {
    traceId: transactionText(span.transactionId),
    collectorAcceptTime: span.acceptTime,
    startTime: span.startTime,
    elapsed: span.elapsed,
    application: span.rpc,
    agentId: span.agentId,
    endpoint: span.endPoint,
    exception: span.errorCode,
    remoteAddr: span.remoteAddress,
  }
}
