import type { MapLink } from '../api/server-map.js'

// A filter stands in an address as JSON, as the page of 1.5.2 has it: [{"fa":…,"fst":…,"ta":…,"tst":…,"rf":…,"rt":…,"ie":…}]

/** Which calls of one link a transaction must have. */
export interface LinkFilter {
  /** caller: name and type */
  fa: string
  fst: string
  /** callee */
  ta: string
  tst: string
  /** response time, ms, both included; absent: any */
  rf?: number
  rt?: number | 'max'
  /** true: failed ones, false: those that succeeded; absent: both */
  ie?: boolean
}

export function formatFilters(filters: readonly LinkFilter[]): string {
  return JSON.stringify(filters)
}

/** Undefined when it is none; keys that are not known stay as they are and reach the server. */
export function parseFilters(json: string): LinkFilter[] | undefined {
  try {
    const filters: unknown = JSON.parse(json)
    return Array.isArray(filters) && filters.length > 0 && filters.every(isFilter) ? filters : undefined
  } catch {
    return undefined
  }
}

function isFilter(value: unknown): value is LinkFilter {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Record<string, unknown>
  return ['fa', 'fst', 'ta', 'tst'].every((key) => typeof fields[key] === 'string')
}

export interface FilterChoice {
  /** ms; undefined: no limit */
  least: number | undefined
  most: number | undefined
  failed: boolean | undefined
}

export function linkFilter({ sourceInfo, targetInfo }: MapLink, { least, most, failed }: FilterChoice): LinkFilter {
  return {
    fa: sourceInfo.applicationName,
    fst: sourceInfo.serviceType,
    ta: targetInfo.applicationName,
    tst: targetInfo.serviceType,
    ...((least !== undefined || most !== undefined) && { rf: least ?? 0, rt: most ?? 'max' }),
    ...(failed !== undefined && { ie: failed }),
  }
}
