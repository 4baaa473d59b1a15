import type { StoredRow } from '../store.js'
import { FragmentStream, type StoredRange } from './fragment-stream.js'
import type { TableLayout } from './layout.js'
import type { PartitionSnapshot } from './partition.js'
import { type CellFilter, mergeRows, toRow } from './row-merge.js'
import type { Shelf } from './shelf.js'
import { rangeBehind } from './stored-ranges.js'

/** How a scan shares the process with others. */
export interface ScanPace {
  /** ms of work before other events get their turn */
  sliceMs: number
  /** ms that one view of the store is held: LMDB cannot re-use pages meanwhile */
  viewMs: number
  /** told the rows read */
  read: (rows: number) => void
}

export const DEFAULT_PACE = { sliceMs: 5, viewMs: 10_000 }

/** Rows between two looks at the clock. */
const STEPS_PER_LOOK = 16

/** The rows of the ranges, in order, until the consumer stops. A view that gets too old is replaced by a new one. */
export async function* scanRows(
  shelf: Shelf,
  layout: TableLayout,
  ranges: Iterable<StoredRange>,
  filter: CellFilter,
  pace: ScanPace,
): AsyncGenerator<StoredRow> {
  let view = await viewOf(shelf)
  let viewSince = performance.now()
  let sliceSince = viewSince
  let steps = 0
  try {
    for (const range of ranges) {
      let left: StoredRange | undefined = range
      while (left !== undefined) {
        const here: StoredRange = left
        left = undefined
        for (const found of mergeRows(view.map((v) => new FragmentStream(layout, v, here)))) {
          const row = found === null ? undefined : toRow(layout, found, filter)
          if (row !== undefined) yield row
          if (++steps % STEPS_PER_LOOK !== 0 && found !== null) continue
          const now = performance.now()
          pace.read(STEPS_PER_LOOK)
          if (found !== null && now - viewSince > pace.viewMs) {
            left = rangeBehind(range, found.row)
            break
          }
          if (now - sliceSince > pace.sliceMs) {
            await nextTurn()
            sliceSince = performance.now()
          }
        }
        if (left === undefined) continue
        endAll(view)
        view = []
        view = await viewOf(shelf)
        viewSince = sliceSince = performance.now()
      }
    }
  } finally {
    endAll(view)
  }
}

/** All partitions of now. */
async function viewOf(shelf: Shelf): Promise<PartitionSnapshot[]> {
  const views: PartitionSnapshot[] = []
  try {
    for (const partition of shelf.forReading()) {
      const view = await partition.snapshot()
      if (view !== undefined) views.push(view)
    }
    return views
  } catch (error) {
    endAll(views)
    throw error
  }
}

function endAll(views: PartitionSnapshot[]): void {
  for (const v of views) v.end()
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
