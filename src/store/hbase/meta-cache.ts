import { TABLES } from '../../row/tables.js'
import { CallFailure } from './call-failure.js'
import type { MetaRow } from './meta-reader.js'
import type { Region } from './region.js'
import { RegionMap } from './region-map.js'

/** Regions forgotten since a table was read as a whole, after which it is read as a whole again. */
const WHOLE_AFTER = 4

/** Dead servers remembered; their regions have long moved when there are that many. */
const MAX_DEAD = 1000

/** Where regions are looked up; MetaReader, or a fake one in tests. */
export interface RegionSource {
  regionOf(table: string, key: Uint8Array): Promise<MetaRow | null | undefined>
  regionsOf(table: string): Promise<MetaRow[]>
}

/** Which server has which key, remembered until a call proves it wrong. */
export class MetaCache {
  /** by Table.id */
  private readonly maps = TABLES.map(() => new RegionMap())
  private readonly forgotten = new Int32Array(TABLES.length).fill(WHOLE_AFTER)
  /** by Table.id: one lookup at a time */
  private readonly loading: (Promise<void> | undefined)[] = []

  /** servers that have lost their session, as "host:port,start code": they never come back under that name */
  private readonly dead = new Set<string>()

  constructor(private readonly source: RegionSource) {}

  /** The region of the key buf[at..end), if it is known. */
  find(tableId: number, buf: Uint8Array, at: number, end: number): Region | undefined {
    return this.maps[tableId].find(buf, at, end)
  }

  /**
   * Looks the key up, or joins a lookup of that table under way: look again afterwards, and load again. A region in
   * transition stays unknown. Rejects when there is no such table, or hbase:meta cannot be read.
   */
  load(tableId: number, key: Uint8Array): Promise<void> {
    const running = this.loading[tableId]
    if (running !== undefined) return running
    const started = this.lookUp(tableId, key).finally(() => {
      this.loading[tableId] = undefined
    })
    this.loading[tableId] = started
    return started
  }

  private async lookUp(tableId: number, key: Uint8Array): Promise<void> {
    const map = this.maps[tableId]
    const { name } = TABLES[tableId]
    if (this.forgotten[tableId] >= WHOLE_AFTER) {
      const rows = await this.source.regionsOf(name)
      if (rows.length === 0) throw noSuchTable(name)
      map.replace(rows.map((row) => row.region).filter((region) => this.usable(region)))
      this.forgotten[tableId] = 0
      return
    }
    const row = await this.source.regionOf(name, key)
    if (row === undefined) throw noSuchTable(name)
    if (row !== null && this.usable(row.region)) map.add(row.region)
  }

  /** Forgets a region that is not where it was. */
  invalidate(tableId: number, region: Region): void {
    if (this.maps[tableId].remove(region)) this.forgotten[tableId]++
  }

  /** Forgets all regions of a server that is gone. */
  invalidateServer(server: string): void {
    const there = (r: Region): boolean => r.server === server
    for (let id = 0; id < this.maps.length; id++) {
      if (this.maps[id].first(there) === undefined) continue
      this.maps[id].removeWhere(there)
      this.forgotten[id] = WHOLE_AFTER
    }
  }

  /** Forgets a server for good: where hbase:meta still names it, a region is on no server. */
  bury(server: string, startCode: number): void {
    if (this.dead.size >= MAX_DEAD) this.dead.clear()
    this.dead.add(`${server},${startCode}`)
    this.invalidateServer(server)
  }

  private usable(region: Region | null): region is Region {
    return region !== null && !this.dead.has(`${region.server},${region.startCode}`)
  }
}

function noSuchTable(name: string): CallFailure {
  return new CallFailure('permanent', 'no_such_table', `HBase has no table ${name}; create it with "tables create"`)
}
