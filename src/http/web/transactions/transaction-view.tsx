import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { getTransactionInfo, type TransactionInfo } from '../api/transactions.js'
import { callRows } from '../call-tree/call-rows.js'
import { CallTree } from '../call-tree/call-tree.js'
import { TimelineView } from '../call-tree/timeline-view.js'
import { number, text } from '../i18n/text.js'
import { ServerMapView } from '../map/server-map.js'
import { formatRoute } from '../route/hash-route.js'
import { useAnswer } from '../state/use-answer.js'
import { dateTime } from '../time/date-time.js'
import { CopyButton } from '../ui/copy-button.js'
import { ErrorState } from '../ui/error-state.js'
import { Icon } from '../ui/icon.js'
import { LoadingBar } from '../ui/loading-bar.js'

interface TransactionViewProps {
  traceId: string
  focusTimestamp: number
  /** has the page for itself */
  alone: boolean
}

const VIEWS = ['calls', 'timeline', 'map'] as const
type View = (typeof VIEWS)[number]

/** One transaction: call tree, timeline, server map. */
export function TransactionView({ traceId, focusTimestamp, alone }: TransactionViewProps): JSX.Element {
  const [view, setView] = useState<View>('calls')
  const answer = useAnswer(`${traceId} ${focusTimestamp}`, (signal) =>
    getTransactionInfo(traceId, focusTimestamp, signal),
  )
  const info = answer.value
  const rows = useMemo(() => (info === undefined ? [] : callRows(info)), [info])
  return (
    <div class="transaction-view">
      <LoadingBar on={answer.loading} />
      {answer.error !== undefined && <ErrorState error={answer.error} onRetry={answer.retry} />}
      {info !== undefined && (
        <>
          <header class="transaction-head">
            <div class="transaction-name">
              <h2 title={info.applicationName}>{info.applicationName}</h2>
              <Facts info={info} elapsed={rows[0]?.elapsed ?? 0} />
            </div>
            <div class="view-tabs" role="tablist" aria-label={text('tx.title')}>
              {VIEWS.map((v) => (
                <button key={v} type="button" role="tab" aria-selected={v === view} onClick={() => setView(v)}>
                  {text(`tx.${v}`)}
                </button>
              ))}
            </div>
            {!alone && (
              <a
                class="link-button"
                href={formatRoute({ screen: 'transactionDetail', traceId, focusTimestamp })}
                target="_blank"
                rel="noreferrer"
              >
                <Icon name="open" size={16} />
                {text('tx.open')}
              </a>
            )}
            {alone && <CopyButton value={location.href} label={text('tx.link')} />}
          </header>
          <Completeness state={info.completeState} damaged={rows.some((row) => row.isCorrupted)} />
          {view === 'calls' && <CallTree key={info.transactionId} rows={rows} />}
          {view === 'timeline' && <TimelineView key={info.transactionId} rows={rows} />}
          {view === 'map' && info.applicationMapData !== undefined && <TransactionMap info={info} />}
        </>
      )}
    </div>
  )
}

function Facts({ info, elapsed }: { info: TransactionInfo; elapsed: number }): JSX.Element {
  return (
    <dl class="facts">
      <Fact name={text('tx.application')} value={info.applicationId} />
      <Fact name={text('tx.agent')} value={info.agentId} />
      <Fact name={text('tx.start')} value={dateTime(info.callStackStart)} />
      <Fact name={text('tx.elapsed')} value={`${number(elapsed)} ms`} />
      <Fact name={text('list.trace')} value={info.transactionId} />
    </dl>
  )
}

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Completeness({ state, damaged }: { state: string; damaged: boolean }): JSX.Element | null {
  if (state === 'Complete' && !damaged) return null
  return (
    <p class="notice" role="status">
      <Icon name="warning" size={16} />
      {text(state === 'Progress' && !damaged ? 'tx.incomplete' : 'tx.corrupted')}
    </p>
  )
}

function TransactionMap({ info }: { info: TransactionInfo }): JSX.Element {
  const [selected, setSelected] = useState<string | undefined>()
  return (
    <div class="transaction-map">
      <ServerMapView
        map={info.applicationMapData!}
        mainKey=""
        selected={selected}
        onSelect={(item) => setSelected(item.key)}
        onOpen={(node) => setSelected(node.key)}
      />
    </div>
  )
}
