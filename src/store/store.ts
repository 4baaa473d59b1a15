import type { IncrementBatch } from '../aggregate/increment-batch.js'
import type { RowBatch } from '../row/row-batch.js'
import type { Table } from '../row/tables.js'

/** One line for the log, at the level named. */
export type StoreLog = (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void

/** One row that the store will never take: it is dropped with this reason. */
export interface Refusal {
  /** row number in the batch */
  row: number
  /** label of the drop counter, snake case */
  reason: string
  message: string
}

/** A row as read: cells sorted by family, then qualifier; one (the newest) value a cell. */
export interface StoredRow {
  /** as stored, with its salt prefix */
  key: Buffer
  cells: StoredCell[]
}

export interface StoredCell {
  family: string
  qualifier: Buffer
  value: Buffer
  /** ms */
  timestamp: number
}

/** Keys are as stored (salted): start inclusive, stop exclusive, both optional. */
export interface ScanRange {
  start?: Uint8Array
  stop?: Uint8Array
  /** families wanted; all when absent */
  families?: readonly string[]
  /** rows at the most */
  limit?: number
}

/** What a reader wants of rows. */
export interface ReadOptions {
  /** families wanted; all when absent */
  families?: readonly string[]
  /** ends the read: it rejects with the signal's reason */
  signal?: AbortSignal
}

/** Keys without their salt: start inclusive, stop exclusive. */
export interface UnsaltedRange extends ReadOptions {
  start: Uint8Array
  stop: Uint8Array
  /** last key first */
  reverse?: boolean
  /** rows that are wanted at the most; a hint for how much to read ahead */
  limit?: number
}

export interface StoreHealth {
  ok: boolean
  /** why not, and what to do */
  reason?: string
  /** tables that are missing or wrong, by name with what is wrong */
  tables?: { name: string; problem: string }[]
  /** more figures for /debug/pipeline */
  details?: Record<string, unknown>
}

/** What lets a store know a second attempt of the same increments, also after a restart of the collector. */
export interface IncrementId {
  /** below 2^53, chosen at random once a process */
  group: number
  /** nonce of the first row, the others follow it; below 2^53 */
  first: number
  /** ms since 1970 of an earlier attempt of which nobody knows what became; 0: there was none */
  sentAt: number
}

/**
 * Where rows go. `put` and `increment` resolve when every row that is not in the answer is stored for good (it
 * survives kill -9); else they reject with a StoreError: retriable, or for good. Then a part of a put's rows may be
 * stored already (the embedded store writes each retention class by itself); to put them again changes nothing.
 */
export interface Store {
  readonly kind: 'embedded' | 'hbase' | 'null'
  put(batch: RowBatch): Promise<Refusal[]>
  /** Adds each delta exactly once. A rejection means that none was added. */
  increment(batch: IncrementBatch, id?: IncrementId): Promise<Refusal[]>
  get(table: Table, key: Uint8Array): Promise<StoredRow | undefined>
  /** The rows of these keys (as stored), in their order. */
  getAll(table: Table, keys: readonly Uint8Array[], options?: ReadOptions): Promise<(StoredRow | undefined)[]>
  scan(table: Table, range?: ScanRange): AsyncIterable<StoredRow>
  /** Rows of any salt in the order of their keys without it, some at a time; never an empty array. */
  scanUnsalted(table: Table, range: UnsaltedRange): AsyncIterable<StoredRow[]>
  /** Creates what is missing; never drops. Calls back before each step. */
  ensureTables(progress?: (step: string) => void): Promise<void>
  health(): Promise<StoreHealth>
  close(): Promise<void>
}
