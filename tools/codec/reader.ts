import type { Field, StructType } from '../idl.js'
import { numberMethod, shapeOf, wireType } from './shapes.js'

function listBody(f: Field, indent: string, each: string[]): string[] {
  return [
    `const size = r.listHead()`,
    `if (r.at !== ${wireType(f.type)} && size > 0) {`,
    `  skipElements(r, r.at, size)`,
    '  continue',
    `}`,
    ...each,
    `m.${f.name}Count = size`,
  ].map((l) => indent + l)
}

function emitField(s: StructType, f: Field): string[] {
  const bit = `m.set |= ${s.name}Bit.${f.name}`
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
  const list = (each: string[]): string[] => guard('type === T_LIST', listBody(f, i, each))
  switch (shapeOf(f)) {
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
        ...list([
          `r.enterList(m.${f.name}, size)`,
          `for (let n = 0; n < size; n++) read${f.type}(r, (m.${f.name}[n] ??= new ${f.type}()))`,
          'r.leave()',
          ...restore,
        ]),
      )
      break
    case 'numbers':
      out.push(
        ...list([
          `r.beginList(m.${f.name}, size)`,
          `for (let n = 0; n < size; n++) m.${f.name}[n] = r.${numberMethod(f.type)}()`,
        ]),
      )
      break
    case 'slices':
      out.push(
        ...list([
          `r.beginList(m.${f.name}Slices, size)`,
          'for (let n = 0; n < size; n++) {',
          '  const length = r.bytes()',
          `  m.${f.name}Slices.push(r.at, length)`,
          '}',
        ]),
      )
      break
    case 'i64s':
      out.push(
        ...list([
          `r.beginList(m.${f.name}Pairs, size)`,
          'for (let n = 0; n < size; n++) {',
          '  r.i64()',
          `  m.${f.name}Pairs.push(r.hi, r.lo)`,
          '}',
        ]),
      )
      break
  }
  return out
}

/** The function that reads a struct. */
export function emitReader(s: StructType): string {
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
