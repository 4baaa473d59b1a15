import type { JSX } from 'preact'
import type { TransactionDetailRoute } from '../route/hash-route.js'
import { TransactionView } from './transaction-view.js'

export function TransactionDetailScreen({ route }: { route: TransactionDetailRoute }): JSX.Element {
  return (
    <div class="transaction-detail-screen">
      <TransactionView traceId={route.traceId} focusTimestamp={route.focusTimestamp} alone />
    </div>
  )
}
