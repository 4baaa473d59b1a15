import { readFileSync } from 'node:fs'

const RSS_FILE = /RssFile:\s+(\d+) kB/
/** One mapping: its first line ends with the path, the lines of its figures begin with a capital. */
const MDB_MAPPING = /\.mdb(?: \(deleted\))?\n(?:[A-Z].*\n)*?Rss:\s+(\d+) kB/g

/** Bytes mapped into this process; undefined where the system does not say. */
export interface PageFigures {
  /** pages of all files, also of node and libraries; costs about 30 µs */
  ofFiles(): number | undefined
  /** pages of .mdb files; costs 1 to 2 ms, more where much is mapped */
  ofStore(): number | undefined
}

export const PROC_FIGURES: PageFigures = {
  ofFiles(): number | undefined {
    const m = RSS_FILE.exec(procFile('status'))
    return m === null ? undefined : Number(m[1]) * 1024
  },
  ofStore(): number | undefined {
    const mappings = procFile('smaps')
    if (mappings === '') return undefined
    let kB = 0
    for (const m of mappings.matchAll(MDB_MAPPING)) kB += Number(m[1])
    return kB * 1024
  },
}

function procFile(name: string): string {
  try {
    return readFileSync(`/proc/self/${name}`, 'latin1')
  } catch {
    return ''
  }
}

/** Rows between two looks at the figures. */
const ROWS_PER_LOOK = 500
/** Where there is no figure: rows after which the limit is taken to be reached. */
const ROWS_PER_LIMIT = 20_000

/** Tells when LMDB has mapped so much that files should be closed and opened again. */
export class MappedPages {
  /** file pages that are not the store's, as far as known */
  private others: number | undefined
  private othersSure = false
  private rows = 0
  private rowsAtLook = 0

  constructor(
    private readonly maxBytes: number,
    private readonly figures: PageFigures = PROC_FIGURES,
  ) {
    this.others = figures.ofFiles()
  }

  /** @param rows written or read since the last call */
  tooMany(rows: number): boolean {
    this.rows += rows
    if (this.rows - this.rowsAtLook < ROWS_PER_LOOK) return false
    this.rowsAtLook = this.rows
    const files = this.figures.ofFiles()
    if (files === undefined || this.others === undefined) return this.rows >= ROWS_PER_LIMIT
    if (files < this.others) this.others = files
    if (files - this.others <= this.maxBytes) return false
    if (this.othersSure) return true
    // it may be code that was touched since: only then the dear figure is worth its price
    const store = this.figures.ofStore()
    if (store === undefined) return true
    this.others = Math.max(0, files - store)
    return store > this.maxBytes
  }

  /** @param all whether every file was closed and opened: what is mapped then is not the store's */
  givenBack(all: boolean): void {
    this.rows = 0
    this.rowsAtLook = 0
    this.othersSure = all
    if (all) this.others = this.figures.ofFiles()
  }
}
