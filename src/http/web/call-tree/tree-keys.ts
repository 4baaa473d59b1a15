import type { CallRow } from './call-rows.js'
import { parentIndex } from './visible-rows.js'

export interface TreeKeyTarget {
  rows: readonly CallRow[]
  visible: readonly number[]
  /** index of a row */
  active: number
  collapsed: ReadonlySet<string>
  onActive: (index: number) => void
  onToggle: (index: number, open: boolean) => void
}

const PAGE = 15

/** The keys of a tree: up, down, ends, pages; right opens or goes in, left closes or goes out. */
export function treeKey(event: { key: string; preventDefault(): void }, target: TreeKeyTarget): void {
  const { rows, visible, active, collapsed } = target
  const at = Math.max(0, visible.indexOf(active))
  const go = (to: number): void => target.onActive(visible[Math.min(Math.max(0, to), visible.length - 1)])
  const row = rows[active]
  const open = row?.hasChildren && !collapsed.has(row.id)
  switch (event.key) {
    case 'ArrowDown':
      go(at + 1)
      break
    case 'ArrowUp':
      go(at - 1)
      break
    case 'PageDown':
      go(at + PAGE)
      break
    case 'PageUp':
      go(at - PAGE)
      break
    case 'Home':
      go(0)
      break
    case 'End':
      go(visible.length - 1)
      break
    case 'ArrowRight':
      if (row?.hasChildren && !open) target.onToggle(active, true)
      else if (open) go(at + 1)
      break
    case 'ArrowLeft':
      if (open) target.onToggle(active, false)
      else target.onActive(parentIndex(rows, active) ?? active)
      break
    case 'Enter':
    case ' ':
      if (row?.hasChildren) target.onToggle(active, !open)
      break
    default:
      return
  }
  event.preventDefault()
}
