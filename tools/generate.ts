// Writes src/thrift/generated/*.ts from idl/*.thrift. With --check: only compares, exit 1 when a file is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type Field, type IdlType, parseIdl, type StructType } from './idl.js'

const ROOT = new URL('../../', import.meta.url)
const FILES = ['Trace', 'Pinpoint', 'Command']

interface Source {
  file: string
  types: IdlType[]
}

const sources: Source[] = FILES.map((name) => ({
  file: name.toLowerCase(),
  types: parseIdl(readFileSync(new URL(`idl/${name}.thrift`, ROOT), 'utf8')),
}))
const owner = new Map<string, { file: string; type: IdlType }>()
for (const s of sources) for (const type of s.types) owner.set(type.name, { file: s.file, type })

type Shape = 'bool' | 'number' | 'i64' | 'bytes' | 'struct' | 'numbers' | 'i64s' | 'slices' | 'structs'

function shapeOf(f: Field): Shape {
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

function wireType(type: string): string {
  const known = owner.get(type)?.type
  if (known) return known.kind === 'enum' ? 'T_I32' : 'T_STRUCT'
  if (WIRE[type] === undefined) throw new Error(`no IDL file has the type ${type}`)
  return WIRE[type]
}

const METHOD: Record<string, string> = { byte: 'i8', i16: 'i16', i32: 'i32', double: 'double' }

function numberMethod(type: string): string {
  return METHOD[type] ?? 'i32'
}

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

function emitClass(s: StructType): string {
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

function listBody(f: Field, indent: string, each: string[], onMismatch: string): string[] {
  return [
    `const size = r.listHead()`,
    `if (r.at !== ${wireType(f.type)} && size > 0) {`,
    `  skipElements(r, r.at, size)`,
    `  ${onMismatch}`,
    `}`,
    ...each,
    `m.${f.name}Count = size`,
  ].map((l) => indent + l)
}

function emitField(s: StructType, f: Field): string[] {
  const bit = `m.set |= ${s.name}Bit.${f.name}`
  const shape = shapeOf(f)
  const i = '          '
  // a nested reader leaves its own place
  const restore = [`r.struct = '${s.name}'`, 'r.field = id']
  const out: string[] = [`      case ${f.id}: // ${f.name}`]
  const guard = (cond: string, body: string[]): string[] => [
    `        if (${cond}) {`,
    ...body.map((b) => (b.startsWith(i) ? b : i + b)),
    `${i}${bit}`,
    `${i}continue`,
    '        }',
    '        break',
  ]
  switch (shape) {
    case 'bool':
      out.push(...guard('type === T_TRUE || type === T_FALSE', [`m.${f.name} = type === T_TRUE`]))
      break
    case 'number':
      out.push(...guard(`type === ${wireType(f.type)}`, [`m.${f.name} = r.${numberMethod(f.type)}()`]))
      break
    case 'i64':
      out.push(...guard('type === T_I64', ['r.i64()', `m.${f.name}Hi = r.hi`, `m.${f.name}Lo = r.lo`]))
      break
    case 'bytes':
      out.push(...guard('type === T_STRING', [`m.${f.name}Len = r.bytes()`, `m.${f.name}At = r.at`]))
      break
    case 'struct':
      out.push(
        ...guard('type === T_STRUCT', [
          'r.enter()',
          `read${f.type}(r, (m.${f.name} ??= new ${f.type}()))`,
          'r.leave()',
          ...restore,
        ]),
      )
      break
    case 'structs':
      out.push(
        ...guard(
          'type === T_LIST',
          listBody(
            f,
            i,
            [
              `r.enterList(m.${f.name}, size)`,
              `for (let n = 0; n < size; n++) read${f.type}(r, (m.${f.name}[n] ??= new ${f.type}()))`,
              'r.leave()',
              ...restore,
            ],
            'continue',
          ),
        ),
      )
      break
    case 'numbers':
      out.push(
        ...guard(
          'type === T_LIST',
          listBody(
            f,
            i,
            [
              `r.beginList(m.${f.name}, size)`,
              `for (let n = 0; n < size; n++) m.${f.name}[n] = r.${numberMethod(f.type)}()`,
            ],
            'continue',
          ),
        ),
      )
      break
    case 'slices':
      out.push(
        ...guard(
          'type === T_LIST',
          listBody(
            f,
            i,
            [
              `r.beginList(m.${f.name}Slices, size)`,
              'for (let n = 0; n < size; n++) {',
              '  const length = r.bytes()',
              `  m.${f.name}Slices.push(r.at, length)`,
              '}',
            ],
            'continue',
          ),
        ),
      )
      break
    case 'i64s':
      out.push(
        ...guard(
          'type === T_LIST',
          listBody(
            f,
            i,
            [
              `r.beginList(m.${f.name}Pairs, size)`,
              'for (let n = 0; n < size; n++) {',
              '  r.i64()',
              `  m.${f.name}Pairs.push(r.hi, r.lo)`,
              '}',
            ],
            'continue',
          ),
        ),
      )
      break
  }
  return out
}

function emitReader(s: StructType): string {
  const lines = [
    `/** Reads the fields of a ${s.name} up to its stop byte into m. */`,
    `export function read${s.name}(r: CompactReader, m: ${s.name}): void {`,
    '  m.reset()',
    `  r.struct = '${s.name}'`,
    '  r.field = 0',
    '  let id = 0',
    '  for (;;) {',
    '    const head = r.byte()',
    '    const type = head & 0x0f',
    '    if (type === T_STOP) return',
    '    id = head >>> 4 === 0 ? r.i16() : id + (head >>> 4)',
    '    r.field = id',
  ]
  if (s.fields.length > 0) {
    lines.push('    switch (id) {')
    for (const f of s.fields) {
      const body = emitField(s, f)
      // list bodies declare `size`: give their case a block
      if (body.some((l) => l.includes('const size'))) {
        body[0] = body[0].replace(/: \/\//, ': { //')
        body.push('      }')
      }
      lines.push(...body)
    }
    lines.push('    }')
  }
  lines.push('    skip(r, type)', '  }', '}', '')
  return lines.join('\n')
}

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

function emitWriter(s: StructType): string {
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

function emitFile(source: Source): string {
  const body: string[] = []
  const imports = new Map<string, Set<string>>()
  for (const type of source.types) {
    if (type.kind === 'enum') {
      body.push(
        `export const ${type.name} = { ${type.values.map((v) => `${v.name}: ${v.value}`).join(', ')} } as const\n`,
      )
      continue
    }
    for (const f of type.fields) {
      const from = owner.get(f.type)
      if (from && from.type.kind === 'struct' && from.file !== source.file) {
        const names = imports.get(from.file) ?? new Set()
        names.add(f.type).add(`read${f.type}`)
        imports.set(from.file, names)
      }
    }
    body.push(emitClass(type), emitReader(type))
    if (type.encode) body.push(emitWriter(type))
  }
  const text = body.join('\n')
  const used = [
    'T_BYTE',
    'T_DOUBLE',
    'T_FALSE',
    'T_I16',
    'T_I32',
    'T_I64',
    'T_LIST',
    'T_STOP',
    'T_STRING',
    'T_STRUCT',
    'T_TRUE',
  ].filter((t) => new RegExp(`\\b${t}\\b`).test(text))
  const head = [
    `// Generated by tools/generate.ts from idl/*.thrift. Do not edit: change the IDL and run npm run generate.`,
  ]
  head.push(`import { type CompactReader, ${used.join(', ')} } from '../compact-reader.js'`)
  if (text.includes('CompactWriter')) head.push(`import type { CompactWriter } from '../compact-writer.js'`)
  const skips = ['skip', 'skipElements'].filter((name) => text.includes(`${name}(`))
  head.push(`import { ${skips.join(', ')} } from '../skip.js'`)
  for (const [file, names] of imports) head.push(`import { ${[...names].sort().join(', ')} } from './${file}.js'`)
  return `${head.join('\n')}\n\n${text}`
}

const check = process.argv.includes('--check')
mkdirSync(new URL('src/thrift/generated/', ROOT), { recursive: true })
for (const source of sources) {
  const url = new URL(`src/thrift/generated/${source.file}.ts`, ROOT)
  const wanted = emitFile(source)
  if (!check) writeFileSync(url, wanted)
  else if (readFileSync(url, 'utf8') !== wanted) {
    console.error(`src/thrift/generated/${source.file}.ts is not what idl/ says: run npm run generate`)
    process.exitCode = 1
  }
}
