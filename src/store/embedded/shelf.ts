import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SMALLEST_FILE_BYTES } from './file-check.js'
import type { FileLock } from './file-lock.js'
import type { RetentionClass } from './layout.js'
import { Partition } from './partition.js'
import { comparePartitions, fileName, type PartitionName, parseFileName, partitionAt } from './partition-name.js'

/** A partition on disk. */
export interface PartitionFile {
  name: PartitionName
  path: string
  bytes: number
}

export interface ShelfSettings {
  dataDir: string
  retention: RetentionClass
  /** hours of one period */
  hours: number
  /** ms that its data lives */
  ttlMs: number
  partitionBytes: number
  readOnly: boolean
  now: () => number
  lock: FileLock | undefined
}

/** The partitions of one retention class: which there are, which is written, and how one is removed. */
export class Shelf {
  private readonly dir: string
  private readonly open = new Map<string, Partition>()
  private writing: Partition | undefined

  constructor(readonly settings: ShelfSettings) {
    this.dir = join(settings.dataDir, settings.retention)
  }

  /** All partition files of at least so many bytes, oldest first; smaller ones are just being made, or never were. */
  files(least = SMALLEST_FILE_BYTES): PartitionFile[] {
    const out: PartitionFile[] = []
    for (const file of this.entries()) {
      const name = parseFileName(this.settings.retention, file)
      if (name === undefined) continue
      const path = join(this.dir, file)
      const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
      if (bytes >= least) out.push({ name, path, bytes })
    }
    return out.sort((a, b) => comparePartitions(a.name, b.name))
  }

  private entries(): string[] {
    try {
      return readdirSync(this.dir)
    } catch {
      return []
    }
  }

  /** The partition for rows written now. */
  current(): Partition {
    const s = this.settings
    const now = s.now()
    const w = this.writing
    if (w !== undefined && !w.closed && now >= w.name.start && now < w.name.end && w.bytes < s.partitionBytes) {
      if (w.bytes > 0 && !w.lost) return w
    }
    // Under the lock nobody removes a file between looking and opening: LMDB would create it again.
    this.writing = this.locked(() => this.choose(now))
    return this.writing
  }

  private choose(now: number): Partition {
    const s = this.settings
    const first = partitionAt(s.retention, s.hours, now)
    const last = this.files(1).findLast((f) => f.name.start === first.start && f.name.end === first.end)
    const usable = last !== undefined && last.bytes >= SMALLEST_FILE_BYTES && last.bytes < s.partitionBytes
    const name = last === undefined ? first : usable ? last.name : { ...first, number: last.name.number + 1 }
    const partition = this.opened(name)
    // sealed, but its remover was killed: the next one it is
    const ready = partition.sealed ? this.opened({ ...name, number: name.number + 1 }) : partition
    ready.prime()
    return ready
  }

  /** Begins another partition although the last one has room. */
  rollOver(): void {
    const last = this.files().at(-1)
    if (last === undefined) return
    this.writing = this.locked(() => {
      const next = this.opened({ ...last.name, number: last.name.number + 1 })
      next.prime()
      return next
    })
  }

  /** The current one was sealed by another process. */
  forgetCurrent(): void {
    this.writing = undefined
  }

  private opened(name: PartitionName): Partition {
    const path = join(this.dir, fileName(name))
    const known = this.open.get(path)
    if (known !== undefined && !known.closed && known.bytes > 0) {
      known.openAgain()
      return known
    }
    if (known !== undefined) void known.close()
    const partition = new Partition(path, name, this.settings.readOnly)
    this.open.set(path, partition)
    return partition
  }

  /** All partitions that may hold live data, oldest first. Closes those whose file is gone. */
  forReading(): Partition[] {
    const out: Partition[] = []
    const oldest = this.settings.now() - this.settings.ttlMs
    for (const file of this.files()) {
      if (file.name.end <= oldest) continue
      try {
        out.push(this.opened(file.name))
      } catch (error) {
        // unless another process just removed it
        if ((statSync(file.path, { throwIfNoEntry: false })?.size ?? 0) > 0) throw error
      }
    }
    return out
  }

  /** Closes partitions whose file was removed by another process: only then the disk has the space again. */
  closeRemoved(): void {
    for (const [path, partition] of this.open) {
      if (partition.bytes > 0) continue
      this.open.delete(path)
      void partition.close()
    }
  }

  /** Takes a partition away. What other processes write to it from now on, they write to the next one. */
  remove(file: PartitionFile): void {
    this.locked(() => {
      const partition = this.opened(file.name)
      partition.seal()
      this.open.delete(file.path)
      if (this.writing === partition) this.writing = undefined
      rmSync(file.path, { force: true })
      rmSync(`${file.path}-lock`, { force: true })
      void partition.close()
    })
  }

  private locked<T>(work: () => T): T {
    return this.settings.lock === undefined ? work() : this.settings.lock.hold(work)
  }

  async close(): Promise<void> {
    await Promise.all([...this.open.values()].map((p) => p.close()))
    this.open.clear()
  }
}
