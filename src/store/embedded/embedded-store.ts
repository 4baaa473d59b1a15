import type { IncrementBatch } from '../../aggregate/increment-batch.js'
import { messageOf, StoreError } from '../../errors.js'
import type { RowBatch } from '../../row/row-batch.js'
import { TABLES, type Table } from '../../row/tables.js'
import type { ReadOptions, Refusal, ScanRange, Store, StoredRow, StoreHealth, UnsaltedRange } from '../store.js'
import { FileLock } from './file-lock.js'
import { NextKey } from './fragment-key.js'
import type { StoredRange } from './fragment-stream.js'
import { CLASSES, defaultTtlSeconds, LAYOUTS, type RetentionClass } from './layout.js'
import { MappedPages } from './mapped-pages.js'
import type { Partition } from './partition.js'
import { periodHours } from './partition-name.js'
import { Retention } from './retention.js'
import type { CellFilter } from './row-merge.js'
import { DEFAULT_PACE, scanRows } from './row-scan.js'
import { addCounters, putRows, type RowsByClass, sortCounters, sortRows } from './row-writing.js'
import { DEFAULT_MAX_MAPPED_BYTES, type EmbeddedStoreSettings, partitionBytes } from './settings.js'
import { Shelf } from './shelf.js'
import { storeFailure } from './store-failure.js'
import { checkFormat, createStore } from './store-format.js'
import { embeddedHealth } from './store-health.js'
import { rangeOfRow, storedRanges } from './stored-ranges.js'
import { scanUnsalted } from './unsalted-scan.js'

const HOUSEKEEPING_MS = 5_000
/** A partition may be sealed between choosing it and writing; more often in a row something is wrong. */
const MAX_TRIES = 5

/**
 * The store on the local disk: LMDB files, partitioned by retention class and time of writing. Any number of processes
 * may write and read at the same time. What a resolved put() or increment() wrote is on the disk.
 *
 *   put, increment → Shelf (class) → Partition (file) ← Shelf ← FragmentStream → mergeRows → get, scan
 *                                       ↑
 *                                   Retention
 */
export class EmbeddedStore implements Store {
  readonly kind = 'embedded'
  private readonly shelves: Map<RetentionClass, Shelf>
  private readonly retention: Retention
  private readonly lock: FileLock | undefined
  private readonly key = new NextKey()
  private readonly now: () => number
  private readonly ttlMs: number[]
  private readonly mapped: MappedPages
  private readonly timer: NodeJS.Timeout
  private lastError: StoreError | undefined
  private fullReason: string | undefined
  private sizeCheckedAt = 0
  private created = false
  private closed = false

  /** Looks at what is there; what is missing is made by ensureTables() or the first write. */
  constructor(private readonly settings: EmbeddedStoreSettings) {
    const { dataDir, readOnly = false } = settings
    this.now = settings.now ?? Date.now
    checkFormat(dataDir)
    this.lock = readOnly ? undefined : new FileLock(dataDir)
    this.ttlMs = TABLES.map((t) => (settings.ttlSeconds?.[t.name] ?? defaultTtlSeconds(t)) * 1000)
    this.mapped = new MappedPages(settings.maxMappedBytes ?? DEFAULT_MAX_MAPPED_BYTES)
    this.shelves = new Map(CLASSES.map((c) => [c, this.shelf(c, readOnly)]))
    const log = settings.log ?? (() => {})
    this.retention = new Retention([...this.shelves.values()], {
      dataDir,
      maxSizeBytes: settings.maxSizeBytes,
      now: this.now,
      log,
    })
    this.timer = setInterval(() => this.houseKeep(), HOUSEKEEPING_MS).unref()
  }

  /** Opens a store; rejects with a StoreError that says what to do. */
  static async open(settings: EmbeddedStoreSettings): Promise<EmbeddedStore> {
    return new EmbeddedStore(settings)
  }

  private shelf(retention: RetentionClass, readOnly: boolean): Shelf {
    const ttlMs = Math.max(...LAYOUTS.filter((l) => l.retention === retention).map((l) => this.ttlMs[l.table.id]))
    return new Shelf({
      dataDir: this.settings.dataDir,
      retention,
      hours: periodHours(ttlMs / 1000),
      ttlMs,
      partitionBytes: partitionBytes(this.settings),
      readOnly,
      now: this.now,
      lock: this.lock,
    })
  }

  async put(batch: RowBatch): Promise<Refusal[]> {
    const refusals: Refusal[] = []
    const rows = sortRows(batch, this.key, refusals)
    await this.writeAll(rows, (partition, chosen) =>
      partition.write((db) => {
        this.key.startWrite(this.now())
        putRows(db, batch, chosen, this.key)
      }),
    )
    return refusals
  }

  async increment(batch: IncrementBatch): Promise<Refusal[]> {
    const refusals: Refusal[] = []
    const rows = sortCounters(batch, this.key, refusals)
    await this.writeAll(rows, (partition, chosen) =>
      partition.update((db) => addCounters(db, batch, chosen, this.key, this.key.startWrite(this.now()))),
    )
    return refusals
  }

  private async writeAll(rows: RowsByClass, write: (p: Partition, rows: number[]) => Promise<boolean>): Promise<void> {
    try {
      this.mayWrite()
      await this.writeEach(rows, write)
    } catch (error) {
      const failure = storeFailure(error, this.settings.dataDir)
      if (failure !== error) this.lastError = failure
      throw failure
    }
    let count = 0
    for (const chosen of rows.values()) count += chosen.length
    this.mapped.touched(count)
  }

  /** Waits for all, also when one fails: none may still read the batch after that. */
  private async writeEach(rows: RowsByClass, write: (p: Partition, rows: number[]) => Promise<boolean>): Promise<void> {
    const writes: Promise<void>[] = []
    for (const [retention, chosen] of rows)
      if (chosen.length > 0) writes.push(this.writeTo(this.shelves.get(retention)!, chosen, write))
    const results = await Promise.allSettled(writes)
    const failed = results.find((r) => r.status === 'rejected')
    this.lastError = failed === undefined ? undefined : storeFailure(failed.reason, this.settings.dataDir)
    if (this.lastError !== undefined) throw this.lastError
  }

  private async writeTo(
    shelf: Shelf,
    rows: number[],
    write: (p: Partition, r: number[]) => Promise<boolean>,
  ): Promise<void> {
    for (let i = 0; i < MAX_TRIES; i++) {
      if (await write(shelf.current(), rows)) return
      shelf.forgetCurrent()
    }
    throw new StoreError('failed', `${this.settings.dataDir}: partitions are removed as fast as they are made`, true)
  }

  /** Throws when nothing may be written; makes what is missing. */
  private mayWrite(): void {
    if (this.closed) throw new StoreError('closed', 'the store is closed', false)
    if (this.settings.readOnly) throw new StoreError('read_only', 'the store was opened for reading', false)
    if (!this.created) this.create()
    const now = performance.now()
    if (this.fullReason !== undefined || now - this.sizeCheckedAt > 1000 || this.sizeCheckedAt === 0) {
      if (this.settings.maintain) this.retention.run()
      this.sizeCheckedAt = now
      this.fullReason = this.retention.full()
    }
    if (this.fullReason !== undefined) throw new StoreError('full', this.fullReason, true)
  }

  async get(table: Table, key: Uint8Array): Promise<StoredRow | undefined> {
    if (key.length === 0) return undefined
    for await (const row of this.rows(table, [rangeOfRow(LAYOUTS[table.id], key)], undefined)) return row
    return undefined
  }

  async *scan(table: Table, range: ScanRange = {}): AsyncGenerator<StoredRow> {
    let left = range.limit ?? Number.POSITIVE_INFINITY
    if (left <= 0) return
    for await (const row of this.rows(table, storedRanges(LAYOUTS[table.id], range), range.families)) {
      yield row
      if (--left <= 0) return
    }
  }

  async getAll(
    table: Table,
    keys: readonly Uint8Array[],
    options: ReadOptions = {},
  ): Promise<(StoredRow | undefined)[]> {
    const ranges = keys.filter((key) => key.length > 0).map((key) => rangeOfRow(LAYOUTS[table.id], key))
    const found = new Map<string, StoredRow>()
    for await (const row of this.rows(table, ranges, options.families)) {
      options.signal?.throwIfAborted()
      found.set(row.key.toString('latin1'), row)
    }
    return keys.map((key) => found.get(Buffer.from(key).toString('latin1')))
  }

  scanUnsalted(table: Table, range: UnsaltedRange): AsyncGenerator<StoredRow[]> {
    return scanUnsalted(LAYOUTS[table.id], range, (ranges) => this.rows(table, ranges, range.families))
  }

  private rows(
    table: Table,
    ranges: Iterable<StoredRange>,
    families: readonly string[] | undefined,
  ): AsyncGenerator<StoredRow> {
    const layout = LAYOUTS[table.id]
    const filter: CellFilter = {
      families: table.families.map((f) => families === undefined || families.includes(f)),
      oldest: this.now() - this.ttlMs[table.id],
    }
    const read = (rows: number): void => this.mapped.touched(rows)
    return scanRows(this.shelves.get(layout.retention)!, layout, ranges, filter, { ...DEFAULT_PACE, read })
  }

  async ensureTables(progress?: (step: string) => void): Promise<void> {
    this.create(progress)
  }

  private create(progress?: (step: string) => void): void {
    createStore(this.settings.dataDir, progress)
    this.created = true
  }

  /** Removes what is expired or too much; done every few seconds when `maintain` is set. */
  maintain(): void {
    this.retention.run()
    this.sizeCheckedAt = 0
    this.fullReason = undefined
  }

  private houseKeep(): void {
    try {
      if (this.settings.maintain) this.maintain()
      else for (const shelf of this.shelves.values()) shelf.closeRemoved()
    } catch (error) {
      this.settings.log?.('error', `house-keeping of ${this.settings.dataDir} failed: ${messageOf(error)}`)
    }
  }

  async health(): Promise<StoreHealth> {
    return embeddedHealth(this.settings, [...this.shelves.values()], this.retention, this.lastError)
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    clearInterval(this.timer)
    for (const shelf of this.shelves.values()) await shelf.close()
    await this.lock?.close()
  }
}
