// The part of the Thrift IDL that idl/*.thrift use:
//   file   => (enum | struct | union)*
//   enum   => 'enum' name '{' (name '=' int)* '}'
//   struct => ('struct' | 'union') name '{' field* '}' ['(' 'encode' ')']
//   field  => id ':' ['optional'] type name ['=' value]
//   type   => name | 'list' '<' type '>'
// Comments run from // to the end of the line.

export interface EnumType {
  kind: 'enum'
  name: string
  values: { name: string; value: number }[]
}

export interface Field {
  id: number
  optional: boolean
  /** bool byte i16 i32 i64 double string binary, or a struct's or enum's name */
  type: string
  list: boolean
  name: string
  default: number | undefined
}

export interface StructType {
  kind: 'struct'
  union: boolean
  name: string
  /** an encoder is wanted too */
  encode: boolean
  fields: Field[]
}

export type IdlType = EnumType | StructType

/** Parses one IDL file; throws with the word it did not expect. */
export function parseIdl(text: string): IdlType[] {
  const words = text.replace(/\/\/.*$/gm, '').match(/[A-Za-z_][A-Za-z0-9_]*|-?\d+|\S/g) ?? []
  let at = 0
  const next = (): string => {
    const word = words[at++]
    if (word === undefined) throw new Error('the IDL ends too early')
    return word
  }
  const expect = (wanted: string): void => {
    const word = next()
    if (word !== wanted) throw new Error(`expected ${wanted}, found ${word} (word ${at})`)
  }
  const nextName = (): string => {
    const word = next()
    if (!/^[A-Za-z_]/.test(word)) throw new Error(`expected a name, found ${word} (word ${at})`)
    return word
  }
  const nextInteger = (): number => {
    const word = next()
    if (!/^-?\d/.test(word)) throw new Error(`expected a number, found ${word} (word ${at})`)
    return Number(word)
  }
  const accept = (wanted: string): boolean => words[at] === wanted && ++at > 0

  const parseEnum = (): EnumType => {
    const name = nextName()
    const values: EnumType['values'] = []
    expect('{')
    while (!accept('}')) {
      const valueName = nextName()
      expect('=')
      values.push({ name: valueName, value: nextInteger() })
      accept(',')
    }
    return { kind: 'enum', name, values }
  }

  const parseField = (): Field => {
    const id = nextInteger()
    expect(':')
    const optional = accept('optional')
    let type = nextName()
    const list = type === 'list'
    if (list) {
      expect('<')
      type = nextName()
      expect('>')
    }
    const name = nextName()
    return { id, optional, type, list, name, default: accept('=') ? nextInteger() : undefined }
  }

  const parseStruct = (union: boolean): StructType => {
    const name = nextName()
    const fields: Field[] = []
    expect('{')
    while (!accept('}')) {
      const field = parseField()
      if (fields.some((f) => f.id === field.id)) throw new Error(`${name} has two fields ${field.id} (word ${at})`)
      fields.push(field)
    }
    let encode = false
    if (accept('(')) {
      expect('encode')
      expect(')')
      encode = true
    }
    return { kind: 'struct', union, name, encode, fields }
  }

  const types: IdlType[] = []
  while (at < words.length) {
    const word = next()
    if (word === 'enum') types.push(parseEnum())
    else if (word === 'struct' || word === 'union') types.push(parseStruct(word === 'union'))
    else throw new Error(`expected enum, struct or union, found ${word}`)
  }
  return types
}
