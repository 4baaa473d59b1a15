import { backoff } from '../../batch/backoff.js'
import { StoreError } from '../../errors.js'
import type { Table } from '../../row/tables.js'
import type { ScanRange, StoredRow } from '../store.js'
import { CallFailure } from './call-failure.js'
import type { ConnectionPool } from './connection-pool.js'
import type { MetaCache } from './meta-cache.js'
import { type HbaseMetrics, NO_METRICS } from './metrics.js'
import type { Region } from './region.js'
import { RegionScanner, type RegionScanSpec } from './region-scanner.js'
import type { FullSettings } from './settings.js'

const PAGE_ROWS = 1000
const PAGE_BYTES = 1024 * 1024
const NOTHING = Buffer.alloc(0)
const ZERO = Buffer.from([0])

/** Reads rows, wherever their regions are and go; each page of a scan is tried again until the time is up. */
export class TableReader {
  private readonly metrics: HbaseMetrics

  constructor(
    private readonly settings: FullSettings,
    private readonly meta: MetaCache,
    private readonly connections: ConnectionPool,
    private readonly closing: AbortSignal,
  ) {
    this.metrics = settings.metrics ?? NO_METRICS
  }

  /** A scan of one row: its bloom filter is used when start and stop are the same. */
  async get(table: Table, key: Uint8Array): Promise<StoredRow | undefined> {
    const spec = { start: key, stop: key, pageRows: 1, pageBytes: PAGE_BYTES, onePage: true }
    return this.retried(async () => {
      const region = await this.regionOf(table, key)
      const rows = await this.page(table, region, this.scanner(region, spec), 1)
      return rows[0]
    })
  }

  /** Rows in the order of their keys, one page in memory at a time. */
  async *scan(table: Table, range: ScanRange = {}): AsyncGenerator<StoredRow> {
    const stop = range.stop ?? NOTHING
    let start: Uint8Array = range.start ?? NOTHING
    let left = range.limit ?? Number.POSITIVE_INFINITY
    let region: Region | undefined
    let scanner: RegionScanner | undefined
    try {
      while (left > 0 && !(stop.length > 0 && Buffer.compare(start, stop) >= 0)) {
        const rows: StoredRow[] = await this.retried(async () => {
          if (scanner === undefined || region === undefined) {
            region = await this.regionOf(table, start)
            scanner = this.scanner(region, scanSpec(start, stop, range))
          }
          const current = scanner
          scanner = undefined // a scanner that failed is opened anew, behind the last row
          const page = await this.page(table, region, current, left)
          scanner = current
          return page
        })
        for (const row of rows) {
          start = Buffer.concat([row.key, ZERO])
          left--
          yield row
        }
        if (scanner?.ended) return
        if (!scanner?.done) continue
        scanner = undefined
        if (region === undefined || region.end.length === 0) return
        start = region.end
      }
    } finally {
      scanner?.close()
    }
  }

  private scanner(region: Region, spec: RegionScanSpec): RegionScanner {
    return new RegionScanner(this.connections.get(region), region, spec, this.settings.callTimeoutMs)
  }

  private async page(table: Table, region: Region, scanner: RegionScanner, limit: number): Promise<StoredRow[]> {
    const started = performance.now()
    let ok = false
    try {
      const rows = await scanner.next(limit)
      ok = true
      return rows
    } catch (error) {
      if (error instanceof CallFailure) {
        if (error.kind === 'stale') this.meta.invalidate(table.id, region)
        if (error.kind === 'lost' || error.kind === 'unsent') this.meta.invalidateServer(region.server)
      }
      scanner.close()
      throw error
    } finally {
      this.metrics.called(region.server, 'Scan', (performance.now() - started) / 1000, ok)
    }
  }

  private async regionOf(table: Table, key: Uint8Array): Promise<Region> {
    const known = this.meta.find(table.id, key, 0, key.length)
    if (known !== undefined) return known
    await this.meta.load(table.id, key)
    const found = this.meta.find(table.id, key, 0, key.length)
    if (found === undefined)
      throw new CallFailure('unsent', 'region_away', `a region of ${table.name} is on no server now`)
    return found
  }

  private async retried<T>(read: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.settings.writeTimeoutMs
    for (let attempt = 0; ; attempt++) {
      try {
        return await read()
      } catch (error) {
        const again = error instanceof CallFailure && (error.kind !== 'permanent' || SCANNER_GONE.test(error.message))
        if (this.closing.aborted) throw new StoreError('closed', 'the store is closed', false)
        if (!again || performance.now() >= deadline) throw error
        await backoff(attempt, this.settings, this.closing)
      }
    }
  }
}

/** What a server says for good of a scanner, which is no reason not to open another. */
const SCANNER_GONE = /UnknownScannerException|OutOfOrderScannerNextException|ScannerResetException|LeaseException/

function scanSpec(start: Uint8Array, stop: Uint8Array, range: ScanRange): RegionScanSpec {
  const families = range.families === undefined ? {} : { families: range.families }
  return { start, stop, pageRows: PAGE_ROWS, pageBytes: PAGE_BYTES, ...families }
}
