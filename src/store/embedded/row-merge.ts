import { readCells } from '../../row/row-batch.js'
import type { StoredCell, StoredRow } from '../store.js'
import { suffixTime } from './fragment-key.js'
import { type FragmentStream, Step } from './fragment-stream.js'
import type { TableLayout } from './layout.js'
import { readRowKey } from './row-key.js'

/** All that is stored of one row, from all partitions. */
export interface RowFragments {
  row: Buffer
  rest: Buffer[]
  values: Buffer[]
  times: number[]
}

/** Merges streams (each in order) into rows in order; null between them is a place to pause. Closes the streams. */
export function* mergeRows(streams: FragmentStream[]): Generator<RowFragments | null> {
  const live: FragmentStream[] = []
  try {
    for (const s of streams) if (yield* advance(s)) live.push(s)
    while (live.length > 0) {
      let row = live[0].row
      for (let i = 1; i < live.length; i++) if (live[i].row.compare(row) < 0) row = live[i].row
      const found: RowFragments = { row, rest: [], values: [], times: [] }
      for (let i = 0; i < live.length; i++) if (!(yield* take(live[i], found))) live.splice(i--, 1)
      yield found
    }
  } finally {
    for (const s of streams) s.close()
  }
}

/** @returns false at the end of the stream */
function* advance(s: FragmentStream): Generator<null, boolean> {
  for (;;) {
    const step = s.next()
    if (step !== Step.More) return step === Step.Row
    yield null
  }
}

/** Moves the fragments of that row out of the stream. @returns false when the stream is at its end */
function* take(s: FragmentStream, into: RowFragments): Generator<null, boolean> {
  while (s.row.equals(into.row)) {
    into.rest.push(s.rest)
    into.values.push(s.value)
    into.times.push(s.time)
    if (!(yield* advance(s))) return false
  }
  return true
}

/** Which cells a reader gets. */
export interface CellFilter {
  /** by family index */
  families: boolean[]
  /** ms; older cells are expired */
  oldest: number
}

/** The row that the fragments make, or undefined when no cell is left. */
export function toRow(layout: TableLayout, found: RowFragments, filter: CellFilter): StoredRow | undefined {
  const cells = layout.table.kind === 'put' ? newestCells(layout, found, filter) : counterCells(layout, found, filter)
  if (cells.length === 0) return undefined
  cells.sort(compareCells)
  return { key: readRowKey(layout, found.row), cells }
}

function compareCells(a: StoredCell, b: StoredCell): number {
  if (a.family !== b.family) return a.family < b.family ? -1 : 1
  return a.qualifier.compare(b.qualifier)
}

/** Newest wins: the higher timestamp, then what was written later. */
function newestCells(layout: TableLayout, found: RowFragments, filter: CellFilter): StoredCell[] {
  const { families, acceptTime } = layout.table
  const single = found.values.length === 1
  const order = found.rest.map((_, i) => i)
  if (!single) order.sort((a, b) => found.rest[a].compare(found.rest[b]))
  const cells: StoredCell[] = []
  const seen = new Map<string, number>()
  for (const i of order) {
    const written = suffixTime(found.rest[i])
    const block = found.values[i]
    readCells(block, 0, block.length, (family, qualifier, value) => {
      const timestamp = acceptTime[family] ? found.times[i] : written
      if (!filter.families[family] || timestamp < filter.oldest) return
      const cell = { family: families[family], qualifier, value, timestamp }
      const name = single ? '' : `${family}${qualifier.toString('latin1')}`
      const at = single ? undefined : seen.get(name)
      if (at === undefined) seen.set(name, cells.push(cell) - 1)
      else if (cells[at].timestamp <= timestamp) cells[at] = cell
    })
  }
  return single ? lastOfEach(cells) : cells
}

/** One put may hold a cell twice: the last one counts. */
function lastOfEach(cells: StoredCell[]): StoredCell[] {
  if (cells.length < 2) return cells
  const byName = new Map<string, StoredCell>()
  for (const c of cells) byName.set(`${c.family} ${c.qualifier.toString('latin1')}`, c)
  return byName.size === cells.length ? cells : [...byName.values()]
}

/** A counter may have a part in several partitions; its value is their sum. */
function counterCells(layout: TableLayout, found: RowFragments, filter: CellFilter): StoredCell[] {
  if (!filter.families[0]) return []
  const cells = new Map<string, StoredCell>()
  for (let i = 0; i < found.rest.length; i++) {
    const qualifier = found.rest[i]
    const name = qualifier.toString('latin1')
    const cell = cells.get(name)
    const timestamp = found.times[i]
    if (cell === undefined) {
      cells.set(name, { family: layout.table.families[0], qualifier, value: found.values[i], timestamp })
      continue
    }
    const sum = Buffer.allocUnsafe(8)
    sum.writeBigInt64BE(cell.value.readBigInt64BE() + found.values[i].readBigInt64BE())
    cell.value = sum
    cell.timestamp = Math.max(cell.timestamp, timestamp)
  }
  return [...cells.values()].filter((c) => c.timestamp >= filter.oldest)
}
