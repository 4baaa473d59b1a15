import { varintBytes, writeVarint } from './varint.js'

// region name => table "," start key "," time of creation "." encoded name "."      (before 0.90: no encoded name)

/** A region and the server that has it. */
export interface Region {
  table: string
  /** whole name, as the servers want it */
  name: Buffer
  /** inclusive; empty for the first of a table */
  start: Buffer
  /** exclusive; empty for the last of a table */
  end: Buffer
  host: string
  port: number
  /** host:port */
  server: string
  /** tells a server from one started later at the same address */
  startCode: number
  /** RegionSpecifier as a message of type, length and bytes: what requests begin with */
  specifier: Buffer
}

const TYPE = 0x08
const VALUE = 0x12
export const REGION_NAME = 1

/** RegionSpecifier => type=1:enum(1 = name)  value=2:bytes */
export function regionSpecifier(name: Uint8Array): Buffer {
  const out = Buffer.alloc(3 + varintBytes(name.length) + name.length)
  out[0] = TYPE
  out[1] = REGION_NAME
  out[2] = VALUE
  out.set(name, writeVarint(out, 3, name.length))
  return out
}

/** Compares a key at buf[at..end) with another: below 0, 0, above 0. */
export function compareKey(buf: Uint8Array, at: number, end: number, other: Uint8Array): number {
  const n = Math.min(end - at, other.length)
  for (let i = 0; i < n; i++) {
    const d = buf[at + i] - other[i]
    if (d !== 0) return d
  }
  return end - at - other.length
}
