import type { RowMapper } from './row-mapper.js'

/** Of an HBase KeyValue: lengths, time, type and row length; row, family, qualifier and value come to it. */
const KEY_VALUE_FIXED_BYTES = 20

/** What the store is given for a datagram, on average. */
export interface RowFigures {
  rows: number
  cells: number
  /** of its cells as HBase keeps them before it compresses */
  keyValueBytes: number
}

/** Maps each datagram once and counts what came out. @param datagrams of spans and chunks */
export function rowFigures(mapper: RowMapper, datagrams: readonly Buffer[]): RowFigures {
  const { batch, counters } = mapper
  const sum: RowFigures = { rows: 0, cells: 0, keyValueBytes: 0 }
  for (const bytes of datagrams) {
    mapper.map(bytes, Date.now())
    for (const { key, cells } of batch.plain()) {
      sum.rows++
      sum.cells += cells.length
      for (const { family, qualifier, value } of cells)
        sum.keyValueBytes += KEY_VALUE_FIXED_BYTES + key.length + family.length + qualifier.length + value.length
    }
    batch.reset()
    counters.take()
  }
  for (const name of Object.keys(sum) as (keyof RowFigures)[]) sum[name] /= datagrams.length
  return sum
}
