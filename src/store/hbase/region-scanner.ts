import type { StoredRow } from '../store.js'
import { CellBlockReader } from './cell-block.js'
import { type Opaque64, type ScanRequest, type ScanResponse, scanRequest, scanResponse, toNumber } from './proto.js'
import { REGION_NAME, type Region } from './region.js'
import type { Answer, RpcConnection } from './rpc-connection.js'

// The first Scan call opens a scanner and brings rows, the others name it and are numbered from 1; the server forgets it
// when it is closed or not used for a minute. Rows always come whole.

export interface RegionScanSpec {
  start: Uint8Array
  stop: Uint8Array
  families?: readonly string[]
  reversed?: boolean
  /** rows of one answer at the most */
  pageRows: number
  /** bytes of one answer after which the server adds no further row */
  pageBytes: number
  /** the first answer is all that is wanted */
  onePage?: boolean
}

/** Reads one region, page by page. */
export class RegionScanner {
  private scannerId: Opaque64 | undefined
  private calls = 0
  /** nothing more in this region */
  done = false
  /** nothing more in this scan, whatever the region */
  ended = false

  constructor(
    private readonly connection: RpcConnection,
    private readonly region: Region,
    private readonly spec: RegionScanSpec,
    private readonly timeoutMs: number,
  ) {}

  /** Rows, at most `limit`; none is no sign of the end, `done` is. */
  async next(limit: number): Promise<StoredRow[]> {
    const numberOfRows = Math.min(limit, this.spec.pageRows)
    const request = this.calls === 0 ? this.opening(numberOfRows) : this.following(numberOfRows)
    this.calls++
    const answer = await this.connection.call('Scan', scanRequest.encode(request), this.timeoutMs)
    const response = scanResponse.decode(answer.param)
    this.scannerId ??= response.scannerId
    const rows = rowsOf(response, answer)
    this.ended = response.moreResults === false
    this.done = this.ended || !(response.moreResultsInRegion ?? rows.length > 0) || this.spec.onePage === true
    if (this.ended) this.scannerId = undefined
    else if (this.done) this.close()
    return rows
  }

  private opening(numberOfRows: number): ScanRequest {
    const { start, stop, families, reversed, pageRows, pageBytes, onePage } = this.spec
    return {
      region: { type: REGION_NAME, value: this.region.name },
      scan: {
        column: (families ?? []).map((family) => ({ family: Buffer.from(family) })),
        startRow: start,
        stopRow: stop,
        maxVersions: 1,
        cacheBlocks: true,
        maxResultSize: pageBytes,
        caching: pageRows,
        reversed: reversed === true,
      },
      numberOfRows,
      closeScanner: onePage === true,
      clientHandlesHeartbeats: onePage !== true,
    }
  }

  private following(numberOfRows: number): ScanRequest {
    if (this.scannerId === undefined) throw new RangeError('HBase opened a scanner without naming it')
    return { scannerId: this.scannerId, numberOfRows, nextCallSeq: this.calls - 1, clientHandlesHeartbeats: true }
  }

  /** Frees the scanner on the server; its answer is of no interest. */
  close(): void {
    const { scannerId } = this
    this.scannerId = undefined
    if (scannerId === undefined || this.spec.onePage === true || this.connection.closed) return
    const request = scanRequest.encode({ scannerId, numberOfRows: 0, closeScanner: true })
    this.connection.call('Scan', request, this.timeoutMs).catch(() => {})
  }
}

function rowsOf(response: ScanResponse, answer: Answer): StoredRow[] {
  const rows: StoredRow[] = []
  const reader = new CellBlockReader(answer.cells)
  for (const count of response.cellsPerResult) {
    let row: StoredRow | undefined
    for (let i = 0; i < count; i++) {
      const { row: key, family, qualifier, value, timestamp } = reader.next()
      row ??= { key, cells: [] }
      row.cells.push({ family, qualifier, value, timestamp })
    }
    if (row !== undefined) rows.push(row)
  }
  for (const { cell } of response.results) {
    const key = cell[0]?.row
    if (key === undefined) continue
    const cells = cell.map((c) => ({
      family: (c.family ?? NOTHING).toString('latin1'),
      qualifier: c.qualifier ?? NOTHING,
      value: c.value ?? NOTHING,
      timestamp: toNumber(c.timestamp),
    }))
    rows.push({ key, cells })
  }
  return rows
}

const NOTHING = Buffer.alloc(0)
