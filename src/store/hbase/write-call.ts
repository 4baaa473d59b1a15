import { ROW_CELLS_AT, ROW_INTS, ROW_KEY_AT, ROW_TABLE } from '../../row/row-batch.js'
import type { ServerAddress } from './cluster-location.js'
import type { MetaCache } from './meta-cache.js'
import type { RegionRows } from './multi-request.js'
import type { MutationRows } from './mutation-rows.js'
import type { Region } from './region.js'
import type { RowStates } from './row-states.js'

/** Rows of one Multi call to one server. */
export interface WriteCall {
  address: ServerAddress
  /** host:port */
  server: string
  parts: RegionRows[]
  /** about what the frame will have */
  bytes: number
  rowCount: number
}

export interface CallLimits {
  maxCallBytes: number
  maxCallRows: number
  /** calls that the regions of a server are dealt out to: it works on one region of a call after the other */
  lanes: number
}

/** What an action needs beside its cells, about. */
const ACTION_BYTES = 24

/** A call and the part of it that a region's rows go to. */
interface Place {
  call: WriteCall
  part: RegionRows
}

interface Lanes {
  open: WriteCall[]
  next: number
}

/** Deals out rows to calls. */
class Grouping {
  readonly calls: WriteCall[] = []
  private readonly places = new Map<Region, Place>()
  private readonly servers = new Map<string, Lanes>()

  constructor(private readonly limits: CallLimits) {}

  add(region: Region, row: number, bytes: number): void {
    const { maxCallBytes, maxCallRows } = this.limits
    let place = this.places.get(region)
    if (place === undefined || place.call.rowCount >= maxCallRows || place.call.bytes + bytes > maxCallBytes) {
      const call = this.openCall(region, bytes)
      const part = { region, rows: [] }
      call.parts.push(part)
      this.places.set(region, (place = { call, part }))
    }
    put(place, row, bytes)
  }

  addAlone(region: Region, row: number, bytes: number): void {
    const part = { region, rows: [] }
    const call = this.newCall(region)
    call.parts.push(part)
    put({ call, part }, row, bytes)
  }

  private openCall(region: Region, bytes: number): WriteCall {
    let lanes = this.servers.get(region.server)
    if (lanes === undefined) this.servers.set(region.server, (lanes = { open: [], next: 0 }))
    const lane = lanes.next++ % this.limits.lanes
    const call = lanes.open[lane]
    const { maxCallBytes, maxCallRows } = this.limits
    if (call !== undefined && call.rowCount < maxCallRows && call.bytes + bytes <= maxCallBytes) return call
    return (lanes.open[lane] = this.newCall(region))
  }

  private newCall(region: Region): WriteCall {
    const call = { address: region, server: region.server, parts: [], bytes: 0, rowCount: 0 }
    this.calls.push(call)
    return call
  }
}

function put(place: Place, row: number, bytes: number): void {
  place.part.rows.push(row)
  place.call.bytes += bytes
  place.call.rowCount++
}

/** Groups rows by server and region into calls. @returns rows whose region is not known, apart */
export function groupRows(
  source: MutationRows,
  rows: readonly number[],
  states: RowStates,
  meta: MetaCache,
  limits: CallLimits,
): { calls: WriteCall[]; homeless: number[] } {
  const grouping = new Grouping(limits)
  const homeless: number[] = []
  const layout = source.rows
  for (const row of rows) {
    const slot = row * ROW_INTS
    const region = meta.find(
      layout[slot + ROW_TABLE],
      source.buf,
      layout[slot + ROW_KEY_AT],
      layout[slot + ROW_CELLS_AT],
    )
    const bytes = source.blockBytes[row] + ACTION_BYTES
    if (region === undefined) homeless.push(row)
    else if (states.isAlone(row)) grouping.addAlone(region, row, bytes)
    else grouping.add(region, row, bytes)
  }
  return { calls: grouping.calls, homeless }
}
