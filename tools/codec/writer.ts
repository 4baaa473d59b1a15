import type { Field, StructType } from '../idl.js'
import { wireType } from './shapes.js'

const TS: Record<string, string> = { bool: 'boolean', i64: 'bigint', string: 'string', binary: 'Uint8Array' }

function writeCall(f: Field, v: string): string {
  const call: Record<string, string> = {
    byte: 'i8',
    i16: 'i16',
    i32: 'i32',
    i64: 'i64',
    double: 'double',
    string: 'string',
    binary: 'binary',
  }
  const one = (x: string): string => `w.${call[f.type] ?? 'i32'}(${x})`
  if (f.list)
    return `w.fieldHead(${f.id}, T_LIST); w.listHead(${wireType(f.type)}, ${v}.length); for (const e of ${v}) ${one('e')}`
  if (f.type === 'bool') return `w.fieldHead(${f.id}, ${v} ? T_TRUE : T_FALSE)`
  return `w.fieldHead(${f.id}, ${wireType(f.type)}); ${one(v)}`
}

/** The function that writes a struct, and the shape of what it takes. */
export function emitWriter(s: StructType): string {
  const lines = [`export interface ${s.name}Value {`]
  for (const f of s.fields)
    lines.push(`  ${f.name}${f.optional ? '?' : ''}: ${TS[f.type] ?? 'number'}${f.list ? '[]' : ''}`)
  lines.push(
    '}',
    '',
    `/** Writes a ${s.name}: fields in the order of their ids, absent ones left out, then the stop byte. */`,
  )
  lines.push(
    `export function write${s.name}(w: CompactWriter, ${s.fields.length > 0 ? 'v' : '_v'}: ${s.name}Value): void {`,
    '  w.structBegin()',
  )
  for (const f of s.fields)
    lines.push(
      f.optional
        ? `  if (v.${f.name} !== undefined) { ${writeCall(f, `v.${f.name}`)} }`
        : `  ${writeCall(f, `v.${f.name}`)}`,
    )
  lines.push('  w.structEnd()', '}', '')
  return lines.join('\n')
}
