import type { JSX } from 'preact'
import type { TransactionMetadata } from '../api/transactions.js'
import type { TextKey } from '../i18n/en.js'
import { number, text } from '../i18n/text.js'
import { dateTime, preciseTime } from '../time/date-time.js'
import { Icon } from '../ui/icon.js'
import { VirtualList } from '../ui/virtual-list.js'
import { nextOrder, type SortColumn, type SortOrder } from './sort-transactions.js'

interface TransactionTableProps {
  /** sorted */
  list: readonly TransactionMetadata[]
  order: SortOrder
  onOrder: (order: SortOrder) => void
  chosen: TransactionMetadata | undefined
  onChoose: (transaction: TransactionMetadata) => void
}

const ROW_HEIGHT = 29
const COLUMNS: readonly (readonly [SortColumn | undefined, TextKey])[] = [
  ['startTime', 'list.time'],
  ['application', 'list.path'],
  ['elapsed', 'list.elapsed'],
  ['exception', 'list.status'],
  ['agentId', 'list.agent'],
  ['remoteAddr', 'list.client'],
  [undefined, 'list.trace'],
]

export function TransactionTable({ list, order, onOrder, chosen, onChoose }: TransactionTableProps): JSX.Element {
  const active = chosen === undefined ? -1 : list.indexOf(chosen)
  const slowest = list.reduce((most, t) => Math.max(most, t.elapsed), 1)
  const step = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -list.length, End: list.length }[event.key]
    if (by === undefined || list.length === 0) return
    event.preventDefault()
    onChoose(list[Math.min(Math.max(0, active + by), list.length - 1)])
  }
  return (
    <VirtualList
      class="transaction-rows"
      role="grid"
      label={text('list.title')}
      count={list.length}
      rowHeight={ROW_HEIGHT}
      active={active}
      idOf={(i) => `transaction-${i}`}
      onKey={step}
      head={COLUMNS.map(([column, key]) => (
        <span
          key={key}
          role="columnheader"
          class={`cell cell-${key.split('.')[1]}`}
          aria-sort={column !== order.column ? undefined : order.descending ? 'descending' : 'ascending'}
        >
          {column === undefined ? (
            text(key)
          ) : (
            <button type="button" tabindex={-1} onClick={() => onOrder(nextOrder(order, column))}>
              {text(key)}
              {column === order.column && <Icon name={order.descending ? 'down' : 'up'} size={12} />}
            </button>
          )}
        </span>
      ))}
    >
      {(i) => {
        const t = list[i]
        const failed = t.exception !== 0
        return (
          <div
            key={`${t.traceId} ${t.collectorAcceptTime} ${t.elapsed} ${i}`}
            id={`transaction-${i}`}
            class={['transaction-row', i === active && 'is-active', failed && 'is-failed'].filter(Boolean).join(' ')}
            role="row"
            tabindex={-1}
            aria-selected={i === active}
            onClick={() => onChoose(t)}
          >
            <span role="gridcell" class="cell cell-time" title={dateTime(t.startTime)}>
              {preciseTime(t.startTime)}
            </span>
            <span role="gridcell" class="cell cell-path" title={t.application}>
              {t.application}
            </span>
            <span role="gridcell" class="cell cell-elapsed">
              <svg class="elapsed-bar" width="48" height="8" aria-hidden="true">
                <rect class="share-exec" width={Math.max(1, (t.elapsed / slowest) * 48)} height="8" rx="2" />
              </svg>
              {number(t.elapsed)}
            </span>
            <span role="gridcell" class={failed ? 'cell cell-status text-error' : 'cell cell-status'}>
              {failed ? text('list.failed') : text('list.ok')}
            </span>
            <span role="gridcell" class="cell cell-agent" title={t.agentId}>
              {t.agentId}
            </span>
            <span role="gridcell" class="cell cell-client" title={t.remoteAddr}>
              {t.remoteAddr}
            </span>
            <span role="gridcell" class="cell cell-trace" title={t.traceId}>
              {t.traceId}
            </span>
          </div>
        )
      }}
    </VirtualList>
  )
}
