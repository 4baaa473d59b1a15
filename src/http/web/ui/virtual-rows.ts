export interface RowWindow {
  first: number
  /** exclusive */
  end: number
}

/** rows beyond either edge, so that a quick scroll does not show a gap */
const SPARE = 12

/** The rows of equal height that are to be drawn. */
export function rowWindow(scrollTop: number, viewHeight: number, rowHeight: number, count: number): RowWindow {
  const first = Math.min(Math.max(0, Math.floor(scrollTop / rowHeight) - SPARE), Math.max(0, count - 1))
  return { first, end: Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + SPARE) }
}

/** Where to scroll so that a row is inside; the present place when it is already. */
export function scrollTo(row: number, scrollTop: number, viewHeight: number, rowHeight: number): number {
  const top = row * rowHeight
  if (top < scrollTop) return top
  if (top + rowHeight > scrollTop + viewHeight) return top + rowHeight - viewHeight
  return scrollTop
}
