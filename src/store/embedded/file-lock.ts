import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { checkFile } from './file-check.js'
import { storeFailure } from './store-failure.js'

const LOCK_FILE = 'lock.mdb'

/** Mutual exclusion of processes: LMDB's write lock, which the kernel frees when its holder is killed. */
export class FileLock {
  private readonly path: string
  private db: RootDatabase<Buffer> | undefined
  private held = false

  /** The file is made when the lock is first held. */
  constructor(dataDir: string) {
    this.path = join(dataDir, LOCK_FILE)
  }

  private openFile(): RootDatabase<Buffer> {
    try {
      checkFile(this.path)
      return open({ path: this.path, encoding: 'binary', noSubdir: true, overlappingSync: false })
    } catch (cause) {
      throw storeFailure(cause, this.path)
    }
  }

  /** Runs `work`, which must be short, while no other process runs any. */
  hold<T>(work: () => T): T {
    if (this.held) return work()
    this.held = true
    try {
      this.db ??= this.openFile()
      return this.db.transactionSync(work)
    } finally {
      this.held = false
    }
  }

  async close(): Promise<void> {
    await this.db?.close()
  }
}
