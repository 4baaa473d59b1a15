import type { StoredRow } from '../store.js'
import type { ClusterLocation, ServerAddress } from './cluster-location.js'
import type { ConnectionPool } from './connection-pool.js'
import { regionInfo } from './proto.js'
import { type Region, regionSpecifier } from './region.js'
import { RegionScanner, type RegionScanSpec } from './region-scanner.js'

// hbase:meta has one row a region, in one region of its own:
//   key              region name: table "," start key "," time of creation "." …
//   info:regioninfo  "PBUF" RegionInfo
//   info:server      "host:port"           info:serverstartcode  i64
// Sorted by table, start key, time; a region that was split stays a while, marked, before its daughters.

const META_NAME = Buffer.from('hbase:meta,,1')
const PBUF_BYTES = 4
/** Regions of one key: the newest, and parents of a split that are not yet cleaned away. */
const CANDIDATES = 4
const PAGE_ROWS = 500
const PAGE_BYTES = 1024 * 1024
const NOTHING = Buffer.alloc(0)

/** What hbase:meta says of a region; without a server while it is in transition. */
export interface MetaRow {
  start: Buffer
  end: Buffer
  region: Region | null
}

export function parseMetaRow(table: string, row: StoredRow): MetaRow | null {
  const value = (name: string): Buffer | undefined => row.cells.find((c) => c.qualifier.toString() === name)?.value
  const info = value('regioninfo')
  if (info === undefined || info.length <= PBUF_BYTES) return null
  const { startKey, endKey, split, offline, replicaId } = regionInfo.decode(info.subarray(PBUF_BYTES))
  if (split === true || offline === true || (replicaId ?? 0) !== 0) return null
  const start = Buffer.from(startKey ?? NOTHING)
  const end = Buffer.from(endKey ?? NOTHING)
  const server = /^(.+):(\d+)$/.exec(value('server')?.toString() ?? '')
  if (server === null) return { start, end, region: null }
  const code = value('serverstartcode')
  const name = Buffer.from(row.key)
  const startCode = code?.length === 8 ? Number(code.readBigInt64BE()) : 0
  const specifier = regionSpecifier(name)
  const [at, host, port] = server
  const place = { host, port: Number(port), server: at, startCode }
  return { start, end, region: { table, name, start, end, ...place, specifier } }
}

function holds(row: MetaRow, key: Uint8Array): boolean {
  return Buffer.compare(row.start, key) <= 0 && (row.end.length === 0 || Buffer.compare(key, row.end) < 0)
}

/** Reads hbase:meta, wherever it is. */
export class MetaReader {
  constructor(
    private readonly location: ClusterLocation,
    private readonly connections: ConnectionPool,
    private readonly timeoutMs: number,
  ) {}

  /** The region of a key; null when there is none now, undefined when the table has no region at all. */
  async regionOf(table: string, key: Uint8Array): Promise<MetaRow | null | undefined> {
    const rows = await this.page({
      start: Buffer.concat([Buffer.from(`${table},`), key, Buffer.from(',:')]),
      stop: Buffer.from(`${table},,`),
      reversed: true,
      families: ['info'],
      pageRows: CANDIDATES,
      pageBytes: PAGE_BYTES,
      onePage: true,
    })
    if (rows.length === 0) return undefined
    for (const row of rows) {
      const found = parseMetaRow(table, row)
      if (found !== null && holds(found, key)) return found
    }
    return null
  }

  /** All regions of a table, in order; none when there is no such table. */
  async regionsOf(table: string): Promise<MetaRow[]> {
    const rows = await this.page({
      start: Buffer.from(`${table},,`),
      stop: Buffer.from(`${table} ,,`),
      families: ['info'],
      pageRows: PAGE_ROWS,
      pageBytes: PAGE_BYTES,
    })
    return rows.map((row) => parseMetaRow(table, row)).filter((row) => row !== null)
  }

  private async page(spec: RegionScanSpec): Promise<StoredRow[]> {
    const found = this.location.metaServer()
    const server = await found
    const connection = this.connections.get(server)
    const scanner = new RegionScanner(connection, metaRegion(server), spec, this.timeoutMs)
    const rows: StoredRow[] = []
    try {
      while (!scanner.done) rows.push(...(await scanner.next(PAGE_ROWS)))
    } catch (error) {
      scanner.close()
      this.location.forgetMeta(found)
      throw error
    }
    return rows
  }
}

function metaRegion(server: ServerAddress): Region {
  const specifier = regionSpecifier(META_NAME)
  return {
    ...server,
    server: `${server.host}:${server.port}`,
    table: 'hbase:meta',
    name: META_NAME,
    start: NOTHING,
    end: NOTHING,
    specifier,
  }
}
