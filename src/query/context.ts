import { type Table, table } from '../row/tables.js'
import type { Store, StoredRow, UnsaltedRange } from '../store/store.js'
import { BadRequest } from './bad-request.js'
import type { TimeRange } from './time-range.js'

/** What one request may cost. */
export interface QueryLimits {
  /** longest range of a map, ms */
  rangeMs: number
  /** points of one scatter answer, transactions of one filtered map */
  points: number
  /** transactions of one list */
  transactions: number
  /** rows of anything else */
  rows: number
  /** of rows that are read, and of the lines of a call tree */
  bytes: number
}

/** One request at a store. */
export interface Query {
  store: Pick<Store, 'getAll' | 'scanUnsalted'>
  limits: QueryLimits
  /** aborted when the client has left */
  signal: AbortSignal
  /** ms */
  now: number
  /** Counts bytes that are made of what was read; throws when they are too many. */
  spend(bytes: number): void
}

/** A request that may read `limits.bytes`. */
export function newQuery({ store, limits, signal, now }: Omit<Query, 'spend'>): Query {
  let left = limits.bytes
  const spend = (bytes: number): void => {
    left -= bytes
    if (left >= 0) return
    throw new BadRequest(
      'too_many_bytes',
      `more than ${limits.bytes} bytes would have to be read; ask for a shorter time or fewer transactions, or raise query.maxBytes`,
      413,
    )
  }
  return { store: spendingStore(store, spend), limits, signal, now, spend }
}

function spendingStore(store: Query['store'], spend: Query['spend']): Query['store'] {
  return {
    async getAll(from, keys, options) {
      const rows = await store.getAll(from, keys, options)
      for (const row of rows) if (row !== undefined) spend(bytesOf(row))
      return rows
    },
    async *scanUnsalted(from: Table, range: UnsaltedRange): AsyncGenerator<StoredRow[]> {
      for await (const rows of store.scanUnsalted(from, range)) {
        for (const row of rows) spend(bytesOf(row))
        yield rows
      }
    },
  }
}

function bytesOf({ key, cells }: StoredRow): number {
  return cells.reduce((sum, { qualifier, value }) => sum + qualifier.length + value.length, key.length)
}

export const TABLE = {
  agentInfo: table('AgentInfo'),
  agentStat: table('AgentStat'),
  applicationIndex: table('ApplicationIndex'),
  agentLifecycle: table('AgentLifeCycle'),
  agentEvent: table('AgentEvent'),
  api: table('ApiMetaData'),
  sql: table('SqlMetaData_Ver2'),
  string: table('StringMetaData'),
  traces: table('Traces'),
  traceIndex: table('ApplicationTraceIndex'),
  callee: table('ApplicationMapStatisticsCallee_Ver2'),
  caller: table('ApplicationMapStatisticsCaller_Ver2'),
  self: table('ApplicationMapStatisticsSelf_Ver2'),
  hostMap: table('HostApplicationMap_Ver2'),
}

/** All rows of a range, read one after the other; too many of them are an error, not a shorter answer. */
export async function* rowsOf(query: Query, from: Table, range: UnsaltedRange): AsyncGenerator<StoredRow> {
  let left = query.limits.rows
  for await (const rows of query.store.scanUnsalted(from, { signal: query.signal, ...range })) {
    query.signal.throwIfAborted()
    left -= rows.length
    if (left < 0)
      throw new BadRequest(
        'too_many_rows',
        `more than ${query.limits.rows} rows of ${from.name} would have to be read; ask for a shorter time, or raise query.maxRows`,
        413,
      )
    yield* rows
  }
}

/** The first row of a range for which `read` has something. */
export async function firstOf<T>(
  query: Query,
  from: Table,
  range: UnsaltedRange,
  read: (row: StoredRow) => T | undefined,
): Promise<T | undefined> {
  for await (const row of rowsOf(query, from, range)) {
    const found = read(row)
    if (found !== undefined) return found
  }
  return undefined
}

/** The row of a key, as stored. */
export async function rowOf(query: Query, from: Table, key: Uint8Array): Promise<StoredRow | undefined> {
  const [row] = await query.store.getAll(from, [key], { signal: query.signal })
  return row
}

/** Throws when a range is turned round, or longer than may be asked for at once. */
export function checkRange({ limits }: Query, { from, to }: TimeRange): void {
  if (to < from) throw new BadRequest('bad_range', `"to" (${to}) is before "from" (${from})`)
  if (to - from > limits.rangeMs)
    throw new BadRequest(
      'range_too_long',
      `${to - from} ms is more than the ${limits.rangeMs} ms of query.maxRangeMs; ask for a shorter time`,
    )
}
