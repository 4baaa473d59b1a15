import type { CallRow } from './call-rows.js'

/** Indexes of the rows that are not inside a collapsed one. */
export function visibleRows(rows: readonly CallRow[], collapsed: ReadonlySet<string>): number[] {
  const visible: number[] = []
  let hiddenBelow = Number.POSITIVE_INFINITY
  rows.forEach((row, i) => {
    if (row.depth > hiddenBelow) return
    hiddenBelow = collapsed.has(row.id) ? row.depth : Number.POSITIVE_INFINITY
    visible.push(i)
  })
  return visible
}

/** The row of which it is a part, by depth; undefined at the top. */
export function parentIndex(rows: readonly CallRow[], index: number): number | undefined {
  for (let i = index - 1; i >= 0; i--) if (rows[i].depth < rows[index].depth) return i
  return undefined
}

/** Rows that must be open so that this one is seen. */
export function ancestorIds(rows: readonly CallRow[], index: number): string[] {
  const ids: string[] = []
  for (let i = parentIndex(rows, index); i !== undefined; i = parentIndex(rows, i)) ids.push(rows[i].id)
  return ids
}

/** Indexes of rows with the query in their name, argument, class, kind of API or agent. */
export function findRows(rows: readonly CallRow[], query: string): number[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return []
  return rows.flatMap((row, i) => {
    const text = `${row.title}\n${row.argument}\n${row.className}\n${row.apiType}\n${row.agentId}\n${row.application}`
    return text.toLowerCase().includes(wanted) ? [i] : []
  })
}
