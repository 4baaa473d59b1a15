// Counters of one flush: one increment per row, all its columns in it (spec: storage.md §6.5).

/** One column of a counter row and what is added to it. */
export interface IncrementColumn {
  qualifier: Buffer
  /** > 0, below 2^53 */
  delta: number
}

export interface IncrementRow {
  /** Table.id; the table's only family is meant */
  table: number
  /** as stored, with its salt prefix */
  key: Buffer
  columns: IncrementColumn[]
  /** ms, when the first of its counts was taken */
  time: number
}

/** A column of a row is in it once. */
export type IncrementBatch = IncrementRow[]
