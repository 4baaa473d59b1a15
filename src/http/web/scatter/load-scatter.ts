import { getScatterPage, type ScatterPage } from '../api/scatter.js'
import { learnServerTime } from '../state/server-clock.js'
import type { TimeRange } from '../time/time-range.js'

/** Dots of one answer: a few for the first, so that something is seen at once. */
const FIRST_PAGE = 1_000
const PAGE = 5_000
/** More dots than pixels show nothing more, and cost memory. */
export const MAX_DOTS = 50_000

/**
 * Dots are told apart on a grid of so many columns and rows only when the server groups them; it lists them all
 * whatever the grid, so that a coarse one saves its work.
 */
const GRID_COLUMNS = 400
const GRID_ROW_MS = 20

export interface ScatterLoad {
  application: string
  range: TimeRange
  onPage: (page: ScatterPage) => void
  signal: AbortSignal
}

/** Loads newest first, page after page. True: all of the range was loaded. */
export async function loadScatter({ application, range, onPage, signal }: ScatterLoad): Promise<boolean> {
  let { to } = range
  let loaded = 0
  while (to > range.from) {
    const page = await getScatterPage(
      {
        application,
        from: range.from,
        to,
        limit: loaded === 0 ? FIRST_PAGE : PAGE,
        xGroupUnit: Math.max(1, Math.round((range.to - range.from) / GRID_COLUMNS)),
        yGroupUnit: GRID_ROW_MS,
      },
      signal,
    )
    learnServerTime(page.currentServerTime)
    onPage(page)
    const dots = page.scatter?.dotList.length ?? 0
    loaded += dots
    if (dots === 0 || page.complete !== false || page.resultFrom === undefined) return true
    if (loaded >= MAX_DOTS) return false
    // the server leaves no dot out that is as old as the oldest it lists
    to = Math.min(page.resultFrom, to) - 1
  }
  return true
}
