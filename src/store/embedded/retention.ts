import { statfsSync } from 'node:fs'
import type { StoreLog } from '../store.js'
import { MIN_PARTITION_BYTES } from './settings.js'
import type { PartitionFile, Shelf } from './shelf.js'

export interface RetentionSettings {
  dataDir: string
  maxSizeBytes: number | undefined
  now: () => number
  log: StoreLog
}

/** Above this part of maxSizeBytes writes are refused although old partitions are left to remove: nobody removes them. */
const OVERRUN = 1.25
/** A commit that runs into the end of the disk fails, which is loud and slow; so writes stop a little before. */
const MIN_FREE_BYTES = 4 * 1024 * 1024

/** Removes whole partitions: first what is expired, then the oldest ones while the store is too large. */
export class Retention {
  /** partitions removed because of their age, and because of maxSizeBytes */
  readonly removed = { expired: 0, size: 0, bytes: 0 }

  constructor(
    private readonly shelves: readonly Shelf[],
    private readonly settings: RetentionSettings,
  ) {}

  run(): void {
    for (const shelf of this.shelves) this.removeExpired(shelf)
    while (this.removeForSize()) {}
    for (const shelf of this.shelves) shelf.closeRemoved()
  }

  private removeExpired(shelf: Shelf): void {
    const oldest = this.settings.now() - shelf.settings.ttlMs
    for (const file of shelf.files()) {
      if (file.name.end > oldest) continue
      this.remove(shelf, file)
      this.removed.expired++
      this.settings.log('info', `removed expired partition ${file.path}`, { bytes: file.bytes })
    }
  }

  /** The oldest partition of the largest class that has one to give. */
  private removeForSize(): boolean {
    const max = this.settings.maxSizeBytes
    if (max === undefined) return false
    const classes = this.shelves.map((shelf) => ({ shelf, files: shelf.files() }))
    if (total(classes.map((c) => c.files)) <= max) return false
    classes.sort((a, b) => sum(b.files) - sum(a.files))
    const largest = classes.find((c) => c.files.length > 1)
    if (largest === undefined) return this.makeRemovable(classes[0].shelf, sum(classes[0].files))
    const file = largest.files[0]
    this.remove(largest.shelf, file)
    this.removed.size++
    this.settings.log('warn', `removed partition ${file.path}: the store is larger than --max-size`, {
      bytes: file.bytes,
    })
    return true
  }

  /** --max-size was lowered under the size of the one file of a class: another is begun, so that this one can go. */
  private makeRemovable(shelf: Shelf, bytes: number): boolean {
    if (bytes <= MIN_PARTITION_BYTES) return false
    shelf.rollOver()
    return true
  }

  private remove(shelf: Shelf, file: PartitionFile): void {
    shelf.remove(file)
    this.removed.bytes += file.bytes
  }

  /** Why nothing may be written, or undefined. */
  full(): string | undefined {
    const free = diskFreeBytes(this.settings.dataDir)
    if (free !== undefined && free < MIN_FREE_BYTES)
      return `the disk of ${this.settings.dataDir} has ${free} bytes left; free space on it, set --max-size, or lower the TTL of Traces`
    const max = this.settings.maxSizeBytes
    if (max === undefined) return undefined
    const files = this.shelves.map((s) => s.files())
    const bytes = total(files)
    if (bytes <= max) return undefined
    if (bytes <= max * OVERRUN && files.some((f) => f.length > 1)) return undefined
    return `the store has ${bytes} bytes, --max-size is ${max}; raise --max-size, lower the TTL of Traces, or free the disk`
  }
}

/** Bytes that may still be written to the disk of that directory; undefined where the system does not say. */
export function diskFreeBytes(dir: string): number | undefined {
  try {
    const disk = statfsSync(dir)
    return disk.bavail * disk.bsize
  } catch {
    return undefined
  }
}

function sum(files: PartitionFile[]): number {
  return files.reduce((n, f) => n + f.bytes, 0)
}

function total(classes: PartitionFile[][]): number {
  return classes.reduce((n, files) => n + sum(files), 0)
}
