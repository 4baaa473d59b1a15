import {
  type CompactReader,
  T_BYTE,
  T_DOUBLE,
  T_FALSE,
  T_I16,
  T_I32,
  T_I64,
  T_LIST,
  T_MAP,
  T_SET,
  T_STOP,
  T_STRING,
  T_STRUCT,
  T_TRUE,
} from './compact-reader.js'

// Steps over values that no field takes: unknown ids, and types that are not the field's; the grammar stands in
// compact-reader.ts. Every element of a list or map takes at least one byte, so a size is checked against the message.

/** Skips a field's value of that type. */
export function skip(r: CompactReader, type: number): void {
  switch (type) {
    case T_TRUE:
    case T_FALSE:
      return
    case T_BYTE:
      r.byte()
      return
    case T_I16:
    case T_I32:
    case T_I64:
      skipVarint(r)
      return
    case T_DOUBLE:
      r.double()
      return
    case T_STRING:
      r.bytes()
      return
    case T_LIST:
    case T_SET: {
      const size = r.listHead()
      skipElements(r, r.at, size)
      return
    }
    case T_MAP:
      skipMap(r)
      return
    case T_STRUCT:
      skipStruct(r)
      return
    default:
      r.fail('MALFORMED', `field type ${type} does not exist`)
  }
}

/** Skips the elements of a list whose head is read. */
export function skipElements(r: CompactReader, type: number, size: number): void {
  r.enter()
  for (let i = 0; i < size; i++) skipElement(r, type)
  r.leave()
}

/** A bool takes one byte here. */
function skipElement(r: CompactReader, type: number): void {
  skip(r, type === T_TRUE || type === T_FALSE ? T_BYTE : type)
}

function skipVarint(r: CompactReader): void {
  for (let n = 0; ; n++) {
    if (n === 10) r.fail('MALFORMED', 'number of more than 10 bytes')
    if (r.byte() < 0x80) return
  }
}

function skipMap(r: CompactReader): void {
  const size = r.var32()
  if (size === 0) return
  if (size < 0 || size > r.end - r.pos) r.fail('TRUNCATED', 'a map is longer than the message')
  const types = r.byte()
  r.enter()
  for (let i = 0; i < size; i++) {
    skipElement(r, types >>> 4)
    skipElement(r, types & 0x0f)
  }
  r.leave()
}

function skipStruct(r: CompactReader): void {
  r.enter()
  for (;;) {
    const head = r.byte()
    const type = head & 0x0f
    if (type === T_STOP) break
    if (head >>> 4 === 0) skipVarint(r)
    skip(r, type)
  }
  r.leave()
}
