import { readFileSync } from 'node:fs'

// Service types (spec: storage.md §6.1): per code whether it is registered, whether its calls are counted, and its
// histogram schema. A code that is not registered resolves to UNDEFINED (-1, normal schema, not counted).

export const UNDEFINED = -1
export const USER = 2

const REGISTERED = 1
const RECORD_STATISTICS = 2
const FAST = 4

interface ServiceTypeJson {
  code: number
  schema: 'FAST' | 'NORMAL'
  properties: string[]
}

/** by code as uint16 */
const flags = new Uint8Array(0x10000)

const file = new URL('../../../idl/service-types.json', import.meta.url)
for (const t of (JSON.parse(readFileSync(file, 'utf8')) as { serviceTypes: ServiceTypeJson[] }).serviceTypes) {
  const record = t.properties.includes('RECORD_STATISTICS') ? RECORD_STATISTICS : 0
  flags[t.code & 0xffff] = REGISTERED | record | (t.schema === 'FAST' ? FAST : 0)
}

/** The code itself when it is registered, else UNDEFINED. */
export function resolveServiceType(code: number): number {
  return (flags[code & 0xffff] & REGISTERED) !== 0 ? code : UNDEFINED
}

/** Whether calls of that (resolved or raw) type are counted in the statistics tables. */
export function recordsStatistics(code: number): boolean {
  return (flags[code & 0xffff] & RECORD_STATISTICS) !== 0
}

/** Histogram slot of a call to that type (spec: storage.md §6.2). @param elapsed ms */
export function histogramSlot(code: number, elapsed: number, error: boolean): number {
  if ((flags[code & 0xffff] & FAST) !== 0) {
    if (elapsed <= 100) return error ? -100 : 100
    if (elapsed <= 300) return error ? -300 : 300
    if (elapsed <= 500) return error ? -500 : 500
    return error ? -999 : 0
  }
  if (elapsed <= 1000) return error ? -1000 : 1000
  if (elapsed <= 3000) return error ? -3000 : 3000
  if (elapsed <= 5000) return error ? -5000 : 5000
  return error ? -9999 : 0
}
