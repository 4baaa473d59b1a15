import { backoff } from '../../batch/backoff.js'
import { StoreError } from '../../errors.js'
import type { Table } from '../../row/tables.js'
import type { ReadOptions, ScanRange, StoredRow } from '../store.js'
import { CallFailure } from './call-failure.js'
import type { ConnectionPool } from './connection-pool.js'
import type { MetaCache } from './meta-cache.js'
import { type HbaseMetrics, NO_METRICS } from './metrics.js'
import { multiGet, type RegionKeys } from './multi-get.js'
import type { Region } from './region.js'
import { RegionScanner, type RegionScanSpec } from './region-scanner.js'
import type { FullSettings } from './settings.js'

const PAGE_ROWS = 1000
const PAGE_BYTES = 1024 * 1024
const NOTHING = Buffer.alloc(0)
const ZERO = Buffer.from([0])
const ALMOST_NEXT = Buffer.alloc(16, 0xff)
/** Single rows asked for at the same time. */
const GETS_TOGETHER = 32
/** Rows of one Multi call, and calls at the same time. */
const KEYS_A_MULTI_GET = 100
const MULTI_GETS_TOGETHER = 8

/** What one Multi call asks a server for. */
interface Group {
  size: number
  parts: Map<Region, RegionKeys>
}

/** Part of a table, read forwards or backwards. */
export interface PagedRange extends ScanRange, ReadOptions {
  reverse?: boolean
  /** rows of one page at the most */
  pageRows?: number
}

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
  async get(table: Table, key: Uint8Array, families?: readonly string[]): Promise<StoredRow | undefined> {
    const spec = { ...scanSpec(key, key, families), pageRows: 1, onePage: true }
    return this.retried(async () => {
      const region = await this.regionOf(table, key)
      const rows = await this.page(table, region, this.scanner(region, spec), 1)
      return rows[0]
    })
  }

  /** By Multi calls of some rows of one server; what these do not answer one by one, with all its attempts. */
  async getAll(
    table: Table,
    keys: readonly Uint8Array[],
    options: ReadOptions = {},
  ): Promise<(StoredRow | undefined)[]> {
    const { families, signal } = options
    const rows = new Array<StoredRow | undefined>(keys.length)
    const left = new Set(keys.keys())
    const found = (index: number, row: StoredRow | undefined): void => {
      rows[index] = row
      left.delete(index)
    }
    const groups = await this.groupsOf(table, keys, signal)
    await together(MULTI_GETS_TOGETHER, groups, async (parts) => {
      signal?.throwIfAborted()
      await this.multiGet(parts, families, found)
    })
    await together(GETS_TOGETHER, [...left], async (index) => {
      signal?.throwIfAborted()
      rows[index] = await this.get(table, keys[index], families)
    })
    return rows
  }

  /** Keys by server, some for each call; keys whose region is on no server now are left out. */
  private async groupsOf(table: Table, keys: readonly Uint8Array[], signal?: AbortSignal): Promise<RegionKeys[][]> {
    const servers = new Map<string, Group[]>()
    for (const [index, key] of keys.entries()) {
      signal?.throwIfAborted()
      const region = await this.regionOf(table, key).catch(() => undefined)
      if (region === undefined) continue
      const groups = servers.get(region.server) ?? []
      servers.set(region.server, groups)
      let group = groups.at(-1)
      if (group === undefined || group.size >= KEYS_A_MULTI_GET)
        groups.push((group = { size: 0, parts: new Map<Region, RegionKeys>() }))
      const part = group.parts.get(region) ?? { region, keys: [] }
      group.parts.set(region, part)
      part.keys.push({ index, key })
      group.size++
    }
    return [...servers.values()].flat().map(({ parts }) => [...parts.values()])
  }

  /** Never rejects. */
  private async multiGet(
    parts: readonly RegionKeys[],
    families: readonly string[] | undefined,
    found: (index: number, row: StoredRow | undefined) => void,
  ): Promise<void> {
    const started = performance.now()
    const [{ region }] = parts
    let ok = false
    try {
      await multiGet(this.connections.get(region), parts, families, this.settings.callTimeoutMs, found)
      ok = true
    } catch {
      // single gets of the same rows will tell
    } finally {
      this.metrics.called(region.server, 'Multi', (performance.now() - started) / 1000, ok)
    }
  }

  /** Rows in the order of their keys. */
  async *scan(table: Table, range: ScanRange = {}): AsyncGenerator<StoredRow> {
    for await (const rows of this.pages(table, range)) yield* rows
  }

  /** The same, one page in memory at a time. */
  async *pages(table: Table, range: PagedRange): AsyncGenerator<StoredRow[]> {
    const { start: from = NOTHING, stop: to = NOTHING, reverse = false, pageRows = PAGE_ROWS, signal } = range
    let left = range.limit ?? Number.POSITIVE_INFINITY
    let edge: Uint8Array = reverse ? to : from
    let region: Region | undefined
    let scanner: RegionScanner | undefined
    try {
      while (left > 0 && !isPast(edge, reverse ? from : to, reverse)) {
        const rows: StoredRow[] = await this.retried(async () => {
          signal?.throwIfAborted()
          if (scanner === undefined || region === undefined) {
            region = await this.regionOf(table, reverse ? before(edge) : edge)
            const bounds = reverse ? ([before(edge), before(from)] as const) : ([edge, to] as const)
            scanner = this.scanner(region, { ...scanSpec(...bounds, range.families), pageRows, reversed: reverse })
          }
          const current = scanner
          scanner = undefined // a scanner that failed is opened anew, behind the last row
          const page = await this.page(table, region, current, left)
          scanner = current
          return page
        })
        const last = rows.at(-1)
        if (last !== undefined) edge = reverse ? last.key : Buffer.concat([last.key, ZERO])
        left -= rows.length
        if (rows.length > 0) yield rows
        if (scanner?.ended) return
        if (!scanner?.done) continue
        scanner = undefined
        edge = (reverse ? region?.start : region?.end) ?? NOTHING
        if (edge.length === 0) return
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

/** Works on all, so many at the same time. */
async function together<T>(count: number, all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values()
  await Promise.all(
    Array.from({ length: Math.min(count, all.length) }, async () => {
      for (const one of left) await work(one)
    }),
  )
}

/** What a server says for good of a scanner, which is no reason not to open another. */
const SCANNER_GONE = /UnknownScannerException|OutOfOrderScannerNextException|ScannerResetException|LeaseException/

function scanSpec(start: Uint8Array, stop: Uint8Array, families: readonly string[] | undefined): RegionScanSpec {
  return { start, stop, pageRows: PAGE_ROWS, pageBytes: PAGE_BYTES, ...(families === undefined ? {} : { families }) }
}

/** Whether a scan that has come to `edge` has nothing left before `end`; an empty end is that of the table. */
function isPast(edge: Uint8Array, end: Uint8Array, reverse: boolean): boolean {
  if (reverse) return Buffer.compare(edge, end) <= 0
  return end.length > 0 && Buffer.compare(edge, end) >= 0
}

/** A key right before another: scans backwards begin with it and end at it, since all versions of HBase include the
 * beginning and exclude the end. No stored key is between the two. */
function before(key: Uint8Array): Uint8Array {
  const last = key.at(-1)
  if (last === undefined || last === 0) return key.subarray(0, -1)
  const lower = Buffer.concat([key, ALMOST_NEXT])
  lower[key.length - 1] = last - 1
  return lower
}
