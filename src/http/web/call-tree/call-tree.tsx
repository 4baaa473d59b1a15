import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { number, text } from '../i18n/text.js'
import { Icon } from '../ui/icon.js'
import { useKeys } from '../ui/use-keys.js'
import { VirtualList } from '../ui/virtual-list.js'
import { CallDetails } from './call-details.js'
import type { CallRow } from './call-rows.js'
import { CallTreeRow } from './call-tree-row.js'
import { treeKey } from './tree-keys.js'
import { ancestorIds, findRows, visibleRows } from './visible-rows.js'

export const CALL_ROW_HEIGHT = 27

/** The calls of a transaction as a tree that opens and closes, with search; the chosen row is told in full below. */
export function CallTree({ rows }: { rows: readonly CallRow[] }): JSX.Element {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      rows.findIndex((row) => row.isFocused),
    ),
  )
  const [query, setQuery] = useState('')
  const visible = useMemo(() => visibleRows(rows, collapsed), [rows, collapsed])
  const found = useMemo(() => findRows(rows, query), [rows, query])
  const foundSet = useMemo(() => new Set(found), [found])
  const total = Math.max(1, ...rows.map((row) => row.elapsed ?? 0))

  const toggle = (index: number, open?: boolean): void => {
    const { id } = rows[index]
    setCollapsed((before) => {
      const after = new Set(before)
      if (open ?? after.has(id)) after.delete(id)
      else after.add(id)
      return after
    })
  }
  const reveal = (index: number): void => {
    const above = new Set(ancestorIds(rows, index))
    setCollapsed((before) => new Set([...before].filter((id) => !above.has(id))))
    setActive(index)
  }
  const step = (by: 1 | -1): void => {
    if (found.length === 0) return
    const after = by === 1 ? found.find((i) => i > active) : found.findLast((i) => i < active)
    reveal(after ?? (by === 1 ? found[0] : found[found.length - 1]))
  }
  const search = (wanted: string): void => {
    setQuery(wanted)
    const first = findRows(rows, wanted)[0]
    if (first !== undefined) reveal(first)
  }
  useKeys({ f: () => document.querySelector<HTMLInputElement>('.tree-search input')?.focus() })

  return (
    <div class="call-tree">
      <div class="tree-tools">
        <label class="search-field tree-search">
          <Icon name="search" size={16} />
          <span class="visually-hidden">{text('tx.search')}</span>
          <input
            type="search"
            placeholder={text('tx.search')}
            value={query}
            onInput={(e) => search(e.currentTarget.value)}
            onKeyDown={(e) => e.key === 'Enter' && step(e.shiftKey ? -1 : 1)}
          />
        </label>
        {query !== '' && (
          <>
            <span class="quiet" role="status">
              {found.length === 0
                ? text('tx.noMatches')
                : text('tx.matches', { i: Math.max(0, found.indexOf(active)) + 1, n: found.length })}
            </span>
            <button type="button" class="icon-button" aria-label={text('tx.previous')} onClick={() => step(-1)}>
              <Icon name="up" size={16} />
            </button>
            <button type="button" class="icon-button" aria-label={text('tx.next')} onClick={() => step(1)}>
              <Icon name="down" size={16} />
            </button>
          </>
        )}
        <span class="grow" />
        <span class="quiet">{text('tx.rows', { n: number(rows.length) })}</span>
        <button type="button" class="link-button" onClick={() => setCollapsed(new Set())}>
          <Icon name="expand" size={16} />
          {text('tx.expandAll')}
        </button>
        <button
          type="button"
          class="link-button"
          onClick={() => {
            setCollapsed(new Set(rows.filter((row) => row.hasChildren && row.depth > 0).map((row) => row.id)))
            setActive(0)
          }}
        >
          <Icon name="collapse" size={16} />
          {text('tx.collapseAll')}
        </button>
      </div>
      <VirtualList
        class="call-rows"
        role="treegrid"
        label={text('tx.calls')}
        count={visible.length}
        rowHeight={CALL_ROW_HEIGHT}
        active={visible.indexOf(active)}
        idOf={(i) => `call-${rows[visible[i]]?.id}`}
        onKey={(event) => treeKey(event, { rows, visible, active, collapsed, onActive: setActive, onToggle: toggle })}
        head={HEADINGS.map((key) => (
          <span key={key} role="columnheader" class={`cell cell-${key.split('.')[1]}`}>
            {text(key)}
          </span>
        ))}
      >
        {(i) => {
          const index = visible[i]
          const row = rows[index]
          return (
            <CallTreeRow
              key={row.id}
              row={row}
              total={total}
              open={!collapsed.has(row.id)}
              active={index === active}
              found={foundSet.has(index)}
              onActive={() => setActive(index)}
              onToggle={() => toggle(index)}
            />
          )
        }}
      </VirtualList>
      {rows[active] !== undefined && <CallDetails row={rows[active]} />}
    </div>
  )
}

const HEADINGS = [
  'call.method',
  'call.argument',
  'call.startTime',
  'call.gap',
  'call.exec',
  'call.share',
  'call.self',
  'call.class',
  'call.api',
  'call.agent',
] as const
