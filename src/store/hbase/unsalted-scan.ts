import { compareUnsalted, saltsOf } from '../../row/rowkey.js'
import type { Table } from '../../row/tables.js'
import type { StoredRow, UnsaltedRange } from '../store.js'
import type { PagedRange } from './table-reader.js'

const CHUNK_ROWS = 500
const PAGE_ROWS = { least: 32, most: 1000 }

/** One salt's rows, as far as they are here. */
interface Lane {
  pages: AsyncIterator<StoredRow[]>
  rows: StoredRow[]
  at: number
}

/** Reads the rows of all salts at the same time and merges them in the order of their keys without the salt. */
export async function* scanUnsalted(
  table: Table,
  range: UnsaltedRange,
  read: (salted: PagedRange) => AsyncGenerator<StoredRow[]>,
): AsyncGenerator<StoredRow[]> {
  const { salt } = table
  if (salt === null) {
    // the limit is a hint: a reader may go on
    yield* read({ ...range, limit: Number.POSITIVE_INFINITY, pageRows: pageRowsOf(range.limit, 1) })
    return
  }
  const salts = saltsOf(salt, range.start, range.stop)
  const pageRows = pageRowsOf(range.limit, salts.length)
  const lanes = salts.map((prefix): Lane => {
    const [start, stop] = [range.start, range.stop].map((key) => Buffer.concat([Buffer.of(prefix), key]))
    return { pages: read({ ...range, limit: Number.POSITIVE_INFINITY, start, stop, pageRows }), rows: [], at: 0 }
  })
  const sign = range.reverse ? -1 : 1
  try {
    await Promise.all(lanes.map(fill))
    let live = lanes.filter((lane) => lane.at < lane.rows.length)
    let chunk: StoredRow[] = []
    while (live.length > 0) {
      let next = live[0]
      for (const lane of live) {
        if (compareUnsalted(salt, lane.rows[lane.at].key, next.rows[next.at].key) * sign < 0) next = lane
      }
      chunk.push(next.rows[next.at++])
      if (chunk.length >= CHUNK_ROWS) {
        yield chunk
        chunk = []
      }
      if (next.at < next.rows.length) continue
      await fill(next)
      if (next.rows.length === 0) live = live.filter((lane) => lane !== next)
    }
    if (chunk.length > 0) yield chunk
  } finally {
    for (const lane of lanes) void lane.pages.return?.().catch(() => {})
  }
}

async function fill(lane: Lane): Promise<void> {
  const page = await lane.pages.next()
  lane.rows = page.done ? [] : page.value
  lane.at = 0
}

/** What each salt is likely to have of the rows that are wanted, and some more. */
function pageRowsOf(limit: number | undefined, salts: number): number {
  if (limit === undefined) return PAGE_ROWS.most
  return Math.min(PAGE_ROWS.most, Math.max(PAGE_ROWS.least, Math.ceil((limit / salts) * 1.3)))
}
