import type { JSX } from 'preact'
import { number, text } from '../i18n/text.js'
import { preciseTime } from '../time/date-time.js'
import { Icon } from '../ui/icon.js'
import type { CallRow } from './call-rows.js'

interface CallTreeRowProps {
  row: CallRow
  /** ms of the longest call, the whole bar */
  total: number
  open: boolean
  active: boolean
  found: boolean
  onActive: () => void
  onToggle: () => void
}

const INDENT = 16
/** deeper calls are not moved further right: their names would be outside */
const MAX_INDENT_DEPTH = 24
const BAR_WIDTH = 100

export function CallTreeRow({ row, total, open, active, found, onActive, onToggle }: CallTreeRowProps): JSX.Element {
  const classes = [
    'call-row',
    `call-${row.kind}`,
    active && 'is-active',
    found && 'is-found',
    row.isFocused && 'is-focused',
    row.isCorrupted && 'is-corrupted',
    row.isAsync && 'is-async',
  ]
  const share = (ms: number | undefined): number => ((ms ?? 0) / total) * BAR_WIDTH
  return (
    <div
      id={`call-${row.id}`}
      class={classes.filter(Boolean).join(' ')}
      role="row"
      tabindex={-1}
      aria-level={row.depth + 1}
      aria-expanded={row.hasChildren ? open : undefined}
      aria-selected={active}
      onClick={onActive}
      onDblClick={() => row.hasChildren && onToggle()}
    >
      <span role="gridcell" class="cell cell-method" title={row.title}>
        <span class="indent" style={{ width: `${Math.min(row.depth, MAX_INDENT_DEPTH) * INDENT}px` }} />
        {row.hasChildren ? (
          <button
            type="button"
            class="twist"
            tabindex={-1}
            aria-label={text(open ? 'tx.collapse' : 'tx.expand')}
            onClick={(event) => {
              event.stopPropagation()
              onToggle()
            }}
          >
            <Icon name={open ? 'down' : 'right'} size={12} />
          </button>
        ) : (
          <span class="twist" />
        )}
        <RowMark row={row} />
        <span class="call-title">{row.title}</span>
      </span>
      <span role="gridcell" class="cell cell-argument" title={row.argument}>
        {row.argument}
      </span>
      <span role="gridcell" class="cell cell-startTime">
        {row.begin > 0 ? preciseTime(row.begin) : ''}
      </span>
      <span role="gridcell" class="cell cell-gap">
        {figure(row.gap)}
      </span>
      <span role="gridcell" class="cell cell-exec">
        {figure(row.elapsed)}
      </span>
      <span role="gridcell" class="cell cell-share">
        {row.elapsed !== undefined && (
          <svg class="share-bar" width={BAR_WIDTH} height={10} aria-hidden="true">
            <rect class="share-exec" width={Math.max(1, share(row.elapsed))} height={10} rx={2} />
            <rect class="share-self" width={share(row.self)} height={10} rx={2} />
          </svg>
        )}
      </span>
      <span role="gridcell" class="cell cell-self">
        {figure(row.self)}
      </span>
      <span role="gridcell" class="cell cell-class" title={row.className}>
        {row.className}
      </span>
      <span role="gridcell" class="cell cell-api" title={row.apiType}>
        {row.apiType}
      </span>
      <span role="gridcell" class="cell cell-agent" title={`${row.agentId} (${row.application})`}>
        {row.agentId}
      </span>
    </div>
  )
}

/** What is special about a row, before its name. */
function RowMark({ row }: { row: CallRow }): JSX.Element | null {
  if (row.isCorrupted) return <Mark kind="corrupted" label={text('call.corrupted')} icon="warning" />
  if (row.kind === 'exception') return <Mark kind="exception" label={text('call.exception')} icon="warning" />
  if (row.isAsync) return <Mark kind="async" label={text('call.async')} icon="fork" />
  if (row.kind === 'sql') return <span class="mark mark-sql">SQL</span>
  if (row.kind === 'bind') return <span class="mark mark-sql">?</span>
  return row.kind === 'annotation' ? <span class="mark mark-note">i</span> : null
}

function Mark({ kind, label, icon }: { kind: string; label: string; icon: 'warning' | 'fork' }): JSX.Element {
  return (
    <span class={`mark mark-${kind}`} role="img" aria-label={label} title={label}>
      <Icon name={icon} size={14} />
    </span>
  )
}

function figure(ms: number | undefined): string {
  return ms === undefined ? '' : number(ms)
}
