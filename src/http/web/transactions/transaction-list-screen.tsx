import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { ApiError } from '../api/api-error.js'
import type { TransactionMetadata } from '../api/transactions.js'
import { number, text } from '../i18n/text.js'
import { type DotSelection, formatSelection } from '../route/dot-selection.js'
import { formatRoute, type TransactionListRoute } from '../route/hash-route.js'
import { asApiError } from '../state/use-answer.js'
import { EmptyState } from '../ui/empty-state.js'
import { ErrorState } from '../ui/error-state.js'
import { Icon } from '../ui/icon.js'
import { LoadingBar } from '../ui/loading-bar.js'
import { listTransactions, MAX_LISTED, type TransactionListing } from './list-transactions.js'
import { FIRST_ORDER, filterTransactions, sortTransactions } from './sort-transactions.js'
import { TransactionTable } from './transaction-table.js'
import { TransactionView } from './transaction-view.js'

const NOTHING: TransactionListing = { selected: 0, listed: [], done: false }

/** The transactions of a rectangle above, the chosen one below. */
export function TransactionListScreen({ route }: { route: TransactionListRoute }): JSX.Element {
  const { listing, error, retry } = useListing(route, route.selection)
  const [order, setOrder] = useState(FIRST_ORDER)
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState<TransactionMetadata | undefined>()
  const list = useMemo(
    () => sortTransactions(filterTransactions(listing.listed, query), order),
    [listing.listed, query, order],
  )
  const shown = chosen ?? (listing.done ? list[0] : undefined)
  const { application, period, end } = route
  const back = formatRoute({ screen: 'main', application, period, end })

  if (route.selection === undefined) {
    return (
      <EmptyState icon="list" title={text('empty.noSelection.title')}>
        <p>{text('empty.noSelection.do')}</p>
        <a class="button" href={back}>
          {text('nav.map')}
        </a>
      </EmptyState>
    )
  }
  return (
    <div class="transaction-list-screen">
      <section class="list-area" aria-label={text('list.title')}>
        <LoadingBar on={!listing.done && error === undefined} />
        <header class="list-head">
          <a class="link-button" href={back}>
            <Icon name="left" size={16} />
            {text('nav.map')}
          </a>
          <h2>{text('list.count', { n: number(listing.selected) })}</h2>
          {!listing.done && error === undefined && (
            <span class="quiet" role="status">
              {text('list.loading', { done: number(listing.listed.length), n: number(listing.selected) })}
            </span>
          )}
          {listing.selected > MAX_LISTED && <span class="quiet">{text('state.cut', { n: number(MAX_LISTED) })}</span>}
          <span class="grow" />
          <label class="search-field">
            <Icon name="search" size={16} />
            <span class="visually-hidden">{text('list.filter')}</span>
            <input
              type="search"
              placeholder={text('list.filter')}
              value={query}
              onInput={(e) => setQuery(e.currentTarget.value)}
            />
          </label>
        </header>
        {error !== undefined && <ErrorState error={error} onRetry={retry} />}
        {listing.done && listing.selected === 0 ? (
          <EmptyState icon="list" title={text('empty.transactions.title')}>
            <p>{text('empty.transactions.do')}</p>
          </EmptyState>
        ) : (
          <TransactionTable list={list} order={order} onOrder={setOrder} chosen={shown} onChoose={setChosen} />
        )}
      </section>
      <section class="transaction-area" aria-label={text('tx.title')}>
        {shown === undefined ? (
          listing.selected > 0 && <p class="quiet pad">{text('list.choose')}</p>
        ) : (
          <TransactionView traceId={shown.traceId} focusTimestamp={shown.collectorAcceptTime} alone={false} />
        )}
      </section>
    </div>
  )
}

function useListing(
  route: TransactionListRoute,
  selection: DotSelection | undefined,
): { listing: TransactionListing; error: ApiError | undefined; retry: () => void } {
  const [listing, setListing] = useState(NOTHING)
  const [error, setError] = useState<ApiError | undefined>()
  const [attempt, setAttempt] = useState(0)
  const key = selection === undefined ? '' : `${route.application.name} ${formatSelection(selection)}`
  useEffect(() => {
    if (selection === undefined) return
    const abort = new AbortController()
    setListing(NOTHING)
    setError(undefined)
    const change = (now: TransactionListing): void => {
      if (!abort.signal.aborted) setListing(now)
    }
    listTransactions(route.application, selection, change, abort.signal).catch((e) => {
      if (!abort.signal.aborted) setError(asApiError(e))
    })
    return () => abort.abort()
  }, [key, attempt])
  return { listing, error, retry: () => setAttempt((n) => n + 1) }
}
