import { readFileSync } from 'node:fs'

const RSS_FILE = /RssFile:\s+(\d+) kB/

/** Bytes of file pages mapped into this process, or undefined where the system does not say. */
export function mappedBytes(): number | undefined {
  try {
    const m = RSS_FILE.exec(readFileSync('/proc/self/status', 'latin1'))
    return m === null ? undefined : Number(m[1]) * 1024
  } catch {
    return undefined
  }
}

/** Rows between two looks at the figure, which costs about 30 µs. */
const ROWS_PER_LOOK = 500
/** Where there is no figure: rows after which the limit is taken to be reached. */
const ROWS_PER_LIMIT = 20_000

/** Tells when LMDB has mapped so much that files should be closed and opened again. */
export class MappedPages {
  private readonly base = mappedBytes()
  private rows = 0
  private rowsAtLook = 0

  constructor(private readonly maxBytes: number) {}

  /** @param rows written or read since the last call */
  tooMany(rows: number): boolean {
    this.rows += rows
    if (this.rows - this.rowsAtLook < ROWS_PER_LOOK) return false
    this.rowsAtLook = this.rows
    const now = mappedBytes()
    if (now === undefined || this.base === undefined) return this.rows >= ROWS_PER_LIMIT
    return now - this.base > this.maxBytes
  }

  reset(): void {
    this.rows = 0
    this.rowsAtLook = 0
  }
}
