import { existsSync, readFileSync } from 'node:fs'
import { type Libc, libc } from '../../libc.js'

// LMDB maps its files, and each page that was touched counts as memory of the process, although the kernel can take it away
// at any time. Too many of them are given back: the mapping stays, and a page that is wanted again comes from the cache of the
// kernel. (Closing the files and opening them again does it too, but when all processes do so at once, LMDB leaves a
// file behind that nobody can write: the last one to close destroys the locks that the next has just begun to use.)

const RSS_FILE = /RssFile:\s+(\d+) kB/
/** start-end perms offset dev inode path, of a file of the store; shared, so that nothing is lost */
const MDB_MAPPING = /^([0-9a-f]+)-([0-9a-f]+) \S{3}s .*\.mdb(?: \(deleted\))?$/gm
const MADV_DONTNEED = 4
/** Rows between two looks at the figure. */
const ROWS_A_LOOK = 500

export interface ProcessMemory {
  /** bytes of mapped files in this process, of node and libraries too; costs about 30 µs */
  fileBytes(): number
  /** Gives back the pages of all files of the store. */
  giveBack(): void
}

/** Of this process; null where pages cannot be given back. */
export function processMemory(): ProcessMemory | null {
  const library = libc()
  if (library === null || !existsSync('/proc/self/status')) return null
  return {
    fileBytes: () => Number(RSS_FILE.exec(procFile('status'))?.[1] ?? 0) * 1024,
    giveBack: () => giveBack(library),
  }
}

function giveBack({ advise }: Libc): void {
  for (const [, start, end] of procFile('maps').matchAll(MDB_MAPPING)) {
    const address = BigInt(`0x${start}`)
    advise(address, Number(BigInt(`0x${end}`) - address), MADV_DONTNEED)
  }
}

function procFile(name: string): string {
  return readFileSync(`/proc/self/${name}`, 'latin1')
}

/** Keeps the pages of the store's files in this process below a limit. */
export class MappedPages {
  /** pages of other files; when more of those are touched, ours are given back a little earlier */
  private others: number
  private rows = 0

  constructor(
    private readonly maxBytes: number,
    private readonly memory: ProcessMemory | null = processMemory(),
  ) {
    this.others = memory?.fileBytes() ?? 0
  }

  /** Never throws: those rows are stored. @param rows written or read since the last call */
  touched(rows: number): void {
    this.rows += rows
    if (this.memory === null || this.rows < ROWS_A_LOOK) return
    this.rows = 0
    try {
      this.look(this.memory)
    } catch {
      // no file can be opened just now, /proc neither; the next look is soon
    }
  }

  private look(memory: ProcessMemory): void {
    const files = memory.fileBytes()
    if (files < this.others) this.others = files
    if (files - this.others <= this.maxBytes) return
    memory.giveBack()
    this.others = memory.fileBytes()
  }
}
