import { compareKey, type Region } from './region.js'

/** The known regions of one table, sorted by start key; there may be holes. */
export class RegionMap {
  private regions: Region[] = []

  get size(): number {
    return this.regions.length
  }

  /** The region of the key buf[at..end), if it is known. */
  find(buf: Uint8Array, at: number, end: number): Region | undefined {
    const { regions } = this
    let low = 0
    let high = regions.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKey(buf, at, end, regions[middle].start) < 0) high = middle
      else low = middle + 1
    }
    if (low === 0) return undefined
    const region = regions[low - 1]
    return region.end.length === 0 || compareKey(buf, at, end, region.end) < 0 ? region : undefined
  }

  /** Adds a region; those that it overlaps (its parents, before a split or merge) go. */
  add(region: Region): void {
    const { start, end } = region
    this.regions = this.regions.filter(
      (r) =>
        (r.end.length > 0 && Buffer.compare(r.end, start) <= 0) ||
        (end.length > 0 && Buffer.compare(r.start, end) >= 0),
    )
    const at = this.regions.findIndex((r) => Buffer.compare(r.start, start) > 0)
    this.regions.splice(at < 0 ? this.regions.length : at, 0, region)
  }

  replace(regions: Region[]): void {
    this.regions = regions.sort((a, b) => Buffer.compare(a.start, b.start))
  }

  /** Forgets this region. @returns false when it has been replaced already */
  remove(region: Region): boolean {
    const at = this.regions.indexOf(region)
    if (at < 0) return false
    this.regions.splice(at, 1)
    return true
  }

  /** Forgets all regions that the filter is true for. */
  removeWhere(filter: (region: Region) => boolean): void {
    this.regions = this.regions.filter((r) => !filter(r))
  }

  first(filter: (region: Region) => boolean): Region | undefined {
    return this.regions.find(filter)
  }
}
