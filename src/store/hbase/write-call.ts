import { ROW_CELLS_AT, ROW_INTS, ROW_KEY_AT, ROW_TABLE } from '../../row/row-batch.js'
import type { MetaCache } from './meta-cache.js'
import type { RegionRows } from './multi-request.js'
import type { MutationRows } from './mutation-rows.js'
import type { Region } from './region.js'
import type { RowStates } from './row-states.js'

/** Rows of one Multi call to one server. */
export interface WriteCall {
  host: string
  port: number
  server: string
  parts: RegionRows[]
  /** about what the frame will have */
  bytes: number
  rowCount: number
}

export interface CallLimits {
  maxCallBytes: number
  maxCallRows: number
}

/** What an action needs beside its cells, about. */
const ACTION_BYTES = 24

class OpenCall implements WriteCall {
  readonly parts: RegionRows[] = []
  readonly host: string
  readonly port: number
  readonly server: string
  bytes = 0
  rowCount = 0
  private readonly byRegion = new Map<Region, RegionRows>()

  constructor(region: Region) {
    this.host = region.host
    this.port = region.port
    this.server = region.server
  }

  add(region: Region, row: number, bytes: number): void {
    let part = this.byRegion.get(region)
    if (part === undefined) {
      this.byRegion.set(region, (part = { region, rows: [] }))
      this.parts.push(part)
    }
    part.rows.push(row)
    this.bytes += bytes
    this.rowCount++
  }
}

/** Groups rows by server and region into calls. @returns rows whose region is not known, apart */
export function groupRows(
  source: MutationRows,
  rows: readonly number[],
  states: RowStates,
  meta: MetaCache,
  limits: CallLimits,
): { calls: WriteCall[]; homeless: number[] } {
  const calls: OpenCall[] = []
  const homeless: number[] = []
  const open = new Map<string, OpenCall>()
  for (const row of rows) {
    const slot = row * ROW_INTS
    const layout = source.rows
    const region = meta.find(
      layout[slot + ROW_TABLE],
      source.buf,
      layout[slot + ROW_KEY_AT],
      layout[slot + ROW_CELLS_AT],
    )
    if (region === undefined) {
      homeless.push(row)
      continue
    }
    const bytes = source.blockBytes[row] + ACTION_BYTES
    const alone = states.isAlone(row)
    let call = alone ? undefined : open.get(region.server)
    if (call === undefined || call.rowCount >= limits.maxCallRows || call.bytes + bytes > limits.maxCallBytes) {
      calls.push((call = new OpenCall(region)))
      if (!alone) open.set(region.server, call)
    }
    call.add(region, row, bytes)
  }
  return { calls, homeless }
}
