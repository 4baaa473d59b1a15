import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useElementSize } from './use-element-size.js'
import { rowWindow, scrollTo } from './virtual-rows.js'

interface VirtualListProps {
  class: string
  /** a `tree` that opens and closes, or a plain `grid` */
  role: 'treegrid' | 'grid'
  label: string
  count: number
  rowHeight: number
  /** this row is kept in sight when it changes; −1: none */
  active: number
  /** above the rows; stays when they scroll */
  head?: ComponentChildren
  idOf: (row: number) => string
  onKey: (event: KeyboardEvent) => void
  children: (row: number) => ComponentChildren
}

/** A list of any length of which only what is in sight is in the document. One stop of Tab; keys move inside. */
export function VirtualList(props: VirtualListProps): JSX.Element {
  const { count, rowHeight, active } = props
  const body = useRef<HTMLDivElement>(null)
  const head = useRef<HTMLDivElement>(null)
  const [scrollTop, setScrollTop] = useState(0)
  const { height } = useElementSize(body)
  const { first, end } = rowWindow(scrollTop, height, rowHeight, count)

  useEffect(() => {
    const element = body.current
    if (element === null || active < 0) return
    const view = element.clientHeight - (head.current?.offsetHeight ?? 0)
    element.scrollTop = scrollTo(active, element.scrollTop, view, rowHeight)
  }, [active, height > 0])

  return (
    <div
      ref={body}
      class={`virtual-list ${props.class}`}
      role={props.role}
      aria-label={props.label}
      aria-rowcount={count}
      aria-activedescendant={active >= 0 ? props.idOf(active) : undefined}
      tabindex={0}
      onScroll={(e) => setScrollTop(e.currentTarget.scrollTop)}
      onKeyDown={props.onKey}
    >
      {props.head !== undefined && (
        <div ref={head} class="virtual-head" role="row">
          {props.head}
        </div>
      )}
      <Space rows={first} rowHeight={rowHeight} />
      {Array.from({ length: Math.max(0, end - first) }, (_, i) => props.children(first + i))}
      <Space rows={count - end} rowHeight={rowHeight} />
    </div>
  )
}

function Space({ rows, rowHeight }: { rows: number; rowHeight: number }): JSX.Element {
  return <div role="presentation" style={{ height: `${Math.max(0, rows) * rowHeight}px` }} />
}
