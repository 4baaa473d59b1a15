import { type Query, TABLE } from '../context.js'
import { readTraceIndex, type TraceDot, traceIndexKey } from '../read/application-trace-index.js'
import type { TimeRange } from '../time-range.js'

/** Rows of the index, as many as a limit lets through. */
export interface IndexPage {
  dots: TraceDot[]
  /** the limit cut off further rows, or came out even */
  full: boolean
  /** accept time of the last row read, ms; undefined: there was none */
  lastTime: number | undefined
}

/** What a limit counts: rows (accept times), or the points in them. */
export type LimitOf = 'rows' | 'dots'

/** The newest spans of an application (with `backward`) behind `from` until `to`, or the oldest from `from` to before `to`. */
export async function readIndexPage(
  query: Query,
  applicationName: string,
  range: TimeRange,
  { limit, of, backward }: { limit: number; of: LimitOf; backward: boolean },
): Promise<IndexPage> {
  const page: IndexPage = { dots: [], full: false, lastTime: undefined }
  // keys count backwards, and a scan leaves out where it stops
  const last = backward ? 0 : 1
  const [start, stop] = [range.to - last, range.from - last].map((time) => traceIndexKey(applicationName, time))
  let count = 0
  const { signal } = query
  for await (const rows of query.store.scanUnsalted(TABLE.traceIndex, {
    start,
    stop,
    reverse: !backward,
    limit,
    signal,
  })) {
    signal.throwIfAborted()
    for (const row of rows) {
      const dots = readTraceIndex(row)
      page.dots.push(...dots)
      page.lastTime = dots[0].acceptTime
      count += of === 'rows' ? 1 : dots.length
      if (count >= limit) return { ...page, full: true }
    }
  }
  return page
}
