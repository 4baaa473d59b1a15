import { readFileSync } from 'node:fs'
import { type EnumType, parseIdl, type StructType } from '../../tools/idl.js'

// The IDL as data: what the generic encoder, snapshot and random builder work from.

const FILES = ['Trace', 'Pinpoint', 'Command']
const IDL = new URL('../../../idl/', import.meta.url)

const types = FILES.flatMap((name) => parseIdl(readFileSync(new URL(`${name}.thrift`, IDL), 'utf8')))

export const STRUCTS: readonly StructType[] = types.filter((type): type is StructType => type.kind === 'struct')
export const ENUMS: readonly EnumType[] = types.filter((type): type is EnumType => type.kind === 'enum')

const structByName = new Map(STRUCTS.map((s) => [s.name, s]))
const enumNames = new Set(ENUMS.map((e) => e.name))

/** What a field's type is on the wire: a base type's own name, or what the name stands for. */
export type Kind = 'bool' | 'byte' | 'i16' | 'i32' | 'i64' | 'double' | 'string' | 'binary' | 'struct'

export function kindOf(type: string): Kind {
  if (structByName.has(type)) return 'struct'
  return enumNames.has(type) ? 'i32' : (type as Kind)
}

export function structNamed(name: string): StructType {
  const found = structByName.get(name)
  if (found === undefined) throw new Error(`the IDL has no struct ${name}`)
  return found
}

/**
 * A message as plain data: only the fields that are on the wire. Enums are numbers, an i64 beyond 2^53 is a decimal
 * string, binary is {$hex}: the form of `body` in test/wire/thrift-*.json.
 */
export interface Plain {
  [field: string]: PlainValue
}
export type PlainValue = boolean | number | string | Plain | PlainValue[]

/** Header type codes (spec: wire.md §2.2, §2.3); 740 and 741 have the layout of 1.6.1 and later. */
export const TYPE_CODES: Readonly<Record<string, number>> = {
  TSpan: 40,
  TAgentInfo: 50,
  TAgentStat: 55,
  TAgentStatBatch: 56,
  TSpanChunk: 70,
  TSpanEvent: 80,
  TSqlMetaData: 300,
  TApiMetaData: 310,
  TResult: 320,
  TStringMetaData: 330,
  TCommandTransfer: 700,
  TCommandTransferResponse: 701,
  TCommandEcho: 710,
  TCommandThreadDump: 720,
  TCommandThreadDumpResponse: 721,
  TCmdActiveThreadCount: 730,
  TCmdActiveThreadCountRes: 731,
  TCmdActiveThreadDump15: 740,
  TCmdActiveThreadDumpRes15: 741,
  TCmdActiveThreadDump: 740,
  TCmdActiveThreadDumpRes: 741,
  TCmdActiveThreadLightDump: 750,
  TCmdActiveThreadLightDumpRes: 751,
}
