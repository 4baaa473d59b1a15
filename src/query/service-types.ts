import { readFileSync } from 'node:fs'
import { UNDEFINED } from '../row/service-type.js'

// Service types as readers see them (spec: storage.md §6.1): names, and what a code's category means.

export type HistogramSchema = 'FAST' | 'NORMAL'

export interface ServiceType {
  code: number
  name: string
  /** what pages show; shared by types of one product */
  desc: string
  schema: HistogramSchema
  /** calls of it end at something without an agent */
  terminal: boolean
  recordStatistics: boolean
  includeDestinationId: boolean
  /** key of the annotation shown as the call's argument; 'ARGS': any argument */
  displayAnnotation: number | 'ARGS' | null
}

interface ServiceTypeJson {
  code: number
  name: string
  desc: string
  schema: HistogramSchema
  properties: string[]
  displayAnnotation: number | 'ARGS' | null
}

const file = new URL('../../../idl/service-types.json', import.meta.url)
const types = (JSON.parse(readFileSync(file, 'utf8')) as { serviceTypes: ServiceTypeJson[] }).serviceTypes.map(
  ({ properties, ...type }): ServiceType => ({
    ...type,
    terminal: properties.includes('TERMINAL'),
    recordStatistics: properties.includes('RECORD_STATISTICS'),
    includeDestinationId: properties.includes('INCLUDE_DESTINATION_ID'),
  }),
)

const byCode = new Map(types.map((type) => [type.code, type]))
const byName = new Map(types.map((type) => [type.name, type]))
const undefinedType = byCode.get(UNDEFINED)!

/** The type of that code; UNDEFINED when there is none. */
export function serviceType(code: number): ServiceType {
  return byCode.get(code) ?? undefinedType
}

/** The type of that name; UNDEFINED when there is none. */
export function serviceTypeNamed(name: string): ServiceType {
  return byName.get(name) ?? undefinedType
}

/** Counted types that pages show under that name. */
export function serviceTypesShownAs(desc: string): ServiceType[] {
  return types.filter((type) => type.recordStatistics && type.desc === desc)
}

export const UNKNOWN_TYPE = byCode.get(1)!
export const USER_TYPE = byCode.get(2)!
export const COLLECTOR_TYPE = byCode.get(7)!

export const isWas = (type: ServiceType): boolean => type.code >= 1000 && type.code < 2000
export const isRpcClient = (type: ServiceType): boolean => type.code >= 9000 && type.code < 10000
export const isUser = (type: ServiceType): boolean => type === USER_TYPE
export const isUnknown = (type: ServiceType): boolean => type === UNKNOWN_TYPE
/** The type of calls inside of an application that no time line shows. */
export const isInternalMethod = (type: ServiceType): boolean => type.code === 5000
