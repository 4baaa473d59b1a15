import { statSync } from 'node:fs'
import { open, type RootDatabase, type RootDatabaseOptions, type Transaction } from 'lmdb'
import { StoreError } from '../../errors.js'
import { checkFile } from './file-check.js'
import { NextKey, PRIME, SEAL } from './fragment-key.js'
import type { PartitionName } from './partition-name.js'
import { causeOf, storeFailure } from './store-failure.js'

export type PartitionDb = RootDatabase<Buffer, Uint8Array>

const keyEncoder = {
  writeKey(key: Uint8Array | NextKey, target: Uint8Array, at: number): number {
    if (key instanceof NextKey) return key.write(target, at)
    target.set(key, at)
    return at + key.length
  },
  readKey(source: Uint8Array, at: number, end: number): Buffer {
    return Buffer.from(source.subarray(at, end))
  },
}

/** Address space of one file; LMDB enlarges it when it is not enough. */
const MAP_BYTES = 16 * 1024 ** 3
const PAGE_BYTES = 4096
/** The first makes the tree, the second frees its first page, one is to spare. */
const PRIMING_WRITES = 3

// Plain LMDB commits: data pages, fdatasync, then the root page. What is acknowledged survives a power cut too, and a
// commit that fails was never visible, which increments rely on. (docs/embedded-store.md: the sync is about a sixth of
// the CPU; overlappingSync is no faster.)
const OPTIONS: RootDatabaseOptions & { noReadAhead: boolean } = {
  encoding: 'binary',
  keyEncoder,
  useVersions: true,
  noSubdir: true,
  mapSize: MAP_BYTES,
  pageSize: PAGE_BYTES,
  overlappingSync: false,
  noMemInit: true,
  noReadAhead: true,
}

/** A consistent view of one partition; end() must be called. */
export interface PartitionSnapshot {
  db: PartitionDb
  transaction: Transaction
  end(): void
}

/** What the binding keeps of a cursor that ended, to use it again. */
interface IdleCursor {
  db: { availableCursor: { close(): void } | null }
}

/** The binding would use it again although its transaction has ended or the file is closed, and crash. */
function dropIdleCursor(db: PartitionDb): void {
  const dbi = (db as unknown as IdleCursor).db
  dbi.availableCursor?.close()
  dbi.availableCursor = null
}

/** One open LMDB file: the only place that talks to the engine. Every stored value's LMDB version is a time in ms. */
export class Partition {
  private db: PartitionDb | undefined
  private writers = 0
  private readers = 0
  private gate: Promise<void> | undefined
  private idle: (() => void) | undefined
  /** a commit failed: the engine's handle may be stuck, so it is opened anew */
  private suspect = false
  closed = false

  constructor(
    readonly path: string,
    readonly name: PartitionName,
    private readonly readOnly: boolean,
  ) {
    this.db = this.openFile()
  }

  private openFile(): PartitionDb {
    try {
      checkFile(this.path)
      return open({ ...OPTIONS, path: this.path, readOnly: this.readOnly })
    } catch (cause) {
      throw storeFailure(cause, this.path)
    }
  }

  /** Bytes of the file; 0 when it is gone. */
  get bytes(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0
  }

  get inUse(): boolean {
    return this.writers + this.readers > 0
  }

  /** A reopen() failed: nothing can be done with the file until openAgain(). */
  get lost(): boolean {
    return this.db === undefined && this.gate === undefined && !this.closed
  }

  /** Opens the file when a reopen() failed to. */
  openAgain(): void {
    if (this.lost && this.bytes > 0) this.db = this.openFile()
  }

  private get opened(): PartitionDb {
    if (this.db !== undefined) return this.db
    throw new StoreError('failed', `${this.path} is not open just now; try again`, true)
  }

  /** Runs `fill` as one transaction, on disk when it resolves. @returns false, and nothing is written, when sealed or not open */
  async write(fill: (db: PartitionDb) => void): Promise<boolean> {
    return this.guarded((db) => db.ifNoExists(SEAL, () => fill(db)))
  }

  /**
   * Like write(), for reading and writing: `change` runs while this process has the write lock. It shares its transaction
   * with other writes of this process, and nothing of it is undone when it throws: a nested transaction would take 3 MiB
   * of memory anew each time, which the C library does not give back.
   */
  async update(change: (db: PartitionDb) => void): Promise<boolean> {
    return this.guarded((db) =>
      db.transaction(() => {
        if (db.doesExist(SEAL)) return false
        change(db)
        return true
      }),
    )
  }

  private async guarded(write: (db: PartitionDb) => Promise<boolean>): Promise<boolean> {
    while (this.gate !== undefined) await this.gate
    if (this.db === undefined) return false
    this.writers++
    try {
      return await write(this.db)
    } catch (error) {
      this.suspect = true
      throw storeFailure(await causeOf(error), this.path)
    } finally {
      this.writers--
      this.wake()
      if (this.suspect && this.gate === undefined) void this.reopen().catch(() => undefined)
    }
  }

  /**
   * Makes a new file ready. LMDB 3.5 crashes when the first transaction that frees pages frees more than 250 (it looks
   * for free pages in a list that is still empty), so small ones go first; afterwards the list is never empty.
   */
  prime(): void {
    const db = this.opened
    if (db.doesExist(PRIME)) return
    for (let i = 0; i < PRIMING_WRITES; i++) db.putSync(PRIME, Buffer.of(i), 0)
  }

  get sealed(): boolean {
    return this.opened.doesExist(SEAL)
  }

  /** Nothing can be written any more, by no process. */
  seal(): void {
    this.opened.putSync(SEAL, Buffer.from([1]), 0)
  }

  /** A view of now, or undefined when the partition was closed or its file is gone. */
  async snapshot(): Promise<PartitionSnapshot | undefined> {
    while (this.gate !== undefined) await this.gate
    this.openAgain()
    const db = this.db
    if (db === undefined) return undefined
    db.resetReadTxn()
    const transaction = db.useReadTransaction()
    this.readers++
    return {
      db,
      transaction,
      end: () => {
        dropIdleCursor(db)
        transaction.done()
        this.readers--
        this.wake()
      },
    }
  }

  private wake(): void {
    if (!this.inUse) this.idle?.()
  }

  /** Closes and opens the file. Does nothing while it is read. */
  async reopen(): Promise<void> {
    if (this.closed || this.gate !== undefined || this.readers > 0) return
    await this.exclusively(async () => {
      if (this.readers > 0) return
      await this.closeFile()
      this.suspect = false
      if (this.bytes > 0) this.db = this.openFile()
    })
  }

  /** Closes when the last user is done. */
  async close(): Promise<void> {
    while (this.gate !== undefined) await this.gate
    if (this.closed) return
    this.closed = true
    await this.exclusively(() => this.closeFile())
  }

  private async closeFile(): Promise<void> {
    const db = this.db
    this.db = undefined
    await db?.close()
  }

  private async exclusively(work: () => Promise<void>): Promise<void> {
    let open = (): void => {}
    this.gate = new Promise((resolve) => (open = resolve))
    try {
      if (this.inUse) await new Promise<void>((resolve) => (this.idle = resolve))
      this.idle = undefined
      await work()
    } finally {
      this.gate = undefined
      open()
    }
  }
}
