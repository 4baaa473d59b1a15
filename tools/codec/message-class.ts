import type { Field, StructType } from '../idl.js'
import { shapeOf } from './shapes.js'

/** [declaration, reset statement] lines of a field. */
function members(f: Field): { name: string; type: string; init: string }[] {
  const n = f.name
  switch (shapeOf(f)) {
    case 'bool':
      return [{ name: n, type: 'boolean', init: 'false' }]
    case 'number':
      return [{ name: n, type: 'number', init: String(f.default ?? 0) }]
    case 'i64': {
      const d = f.default ?? 0
      return [
        { name: `${n}Hi`, type: 'number', init: d < 0 ? '-1' : '0' },
        { name: `${n}Lo`, type: 'number', init: String(d) },
      ]
    }
    case 'bytes':
      return [
        { name: `${n}At`, type: 'number', init: '0' },
        { name: `${n}Len`, type: 'number', init: '-1' },
      ]
    default:
      return []
  }
}

/** The class that a struct is read into, and the bits of its fields. */
export function emitClass(s: StructType): string {
  const lines: string[] = []
  const resets: string[] = []
  if (s.fields.length > 0) {
    lines.push(`export const enum ${s.name}Bit {`)
    for (const [i, f] of s.fields.entries()) lines.push(`  ${f.name} = ${i === 31 ? '1 << 31' : 2 ** i},`)
    lines.push('}', '')
  }
  lines.push(`export class ${s.name} {`)
  lines.push(`  /** fields that were on the wire${s.fields.length > 0 ? `, by ${s.name}Bit` : ''} */`)
  lines.push('  set = 0')
  resets.push('    this.set = 0')
  for (const f of s.fields) {
    const doc = `  /** ${f.id}: ${f.list ? `list<${f.type}>` : f.type} */`
    lines.push(doc)
    for (const m of members(f)) {
      lines.push(`  ${m.name}${m.init === 'false' ? ': boolean' : ''} = ${m.init}`)
      resets.push(`    this.${m.name} = ${m.init}`)
    }
    switch (shapeOf(f)) {
      case 'struct':
        lines.push(`  ${f.name}: ${f.type} | null = null`)
        break
      case 'structs':
        lines.push(`  ${f.name}: ${f.type}[] = []`, `  ${f.name}Count = -1`)
        resets.push(`    this.${f.name}Count = -1`)
        break
      case 'numbers':
        lines.push(`  ${f.name}: number[] = []`, `  ${f.name}Count = -1`)
        resets.push(`    this.${f.name}.length = 0`, `    this.${f.name}Count = -1`)
        break
      case 'slices':
        lines.push(`  /** start, length of each */`, `  ${f.name}Slices: number[] = []`, `  ${f.name}Count = -1`)
        resets.push(`    this.${f.name}Slices.length = 0`, `    this.${f.name}Count = -1`)
        break
      case 'i64s':
        lines.push(`  /** hi, lo of each */`, `  ${f.name}Pairs: number[] = []`, `  ${f.name}Count = -1`)
        resets.push(`    this.${f.name}Pairs.length = 0`, `    this.${f.name}Count = -1`)
        break
      default:
    }
  }
  lines.push('', '  reset(): void {', ...resets, '  }', '}', '')
  return lines.join('\n')
}
