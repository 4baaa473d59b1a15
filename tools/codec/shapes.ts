import type { Field } from '../idl.js'
import { owner } from './idl-sources.js'

/** How a field is kept in its message. */
export type Shape = 'bool' | 'number' | 'i64' | 'bytes' | 'struct' | 'numbers' | 'i64s' | 'slices' | 'structs'

export function shapeOf(f: Field): Shape {
  const type = owner.get(f.type)?.type
  if (f.list) {
    if (type?.kind === 'struct') return 'structs'
    if (f.type === 'string' || f.type === 'binary') return 'slices'
    return f.type === 'i64' ? 'i64s' : 'numbers'
  }
  if (type?.kind === 'struct') return 'struct'
  if (f.type === 'bool') return 'bool'
  if (f.type === 'i64') return 'i64'
  if (f.type === 'string' || f.type === 'binary') return 'bytes'
  return 'number'
}

const WIRE: Record<string, string> = {
  bool: 'T_TRUE',
  byte: 'T_BYTE',
  i16: 'T_I16',
  i32: 'T_I32',
  i64: 'T_I64',
  double: 'T_DOUBLE',
  string: 'T_STRING',
  binary: 'T_STRING',
}

/** Name of the type's constant; an enum is an i32. */
export function wireType(type: string): string {
  const known = owner.get(type)?.type
  if (known) return known.kind === 'enum' ? 'T_I32' : 'T_STRUCT'
  if (WIRE[type] === undefined) throw new Error(`no IDL file has the type ${type}`)
  return WIRE[type]
}

const METHOD: Record<string, string> = { byte: 'i8', i16: 'i16', i32: 'i32', double: 'double' }

/** Of the reader, for a number; an enum is an i32. */
export function numberMethod(type: string): string {
  return METHOD[type] ?? 'i32'
}
