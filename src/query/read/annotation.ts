import { DecodeError } from '../../errors.js'
import { RowReader } from './row-reader.js'

// Annotation list (spec: storage.md §4.3):
//   list       => var(count) annotation*
//   annotation => version:i8  svar(key)  code:i8  pbytes(value)

/** An id with one or two texts, such as that of a statement with its literals and bind values. */
export interface IdWithTexts {
  id: number
  first: string | null
  second: string | null
}

export type AnnotationValue = string | number | boolean | Buffer | IdWithTexts | null

export interface Annotation {
  key: number
  /** as pages show it; null for those that are never shown */
  value: AnnotationValue
  /** how it was stored; -1 for annotations made by readers */
  code: number
}

/** Reads one list; the reader stands behind it then. */
export function readAnnotations(r: RowReader): Annotation[] {
  const count = r.var32()
  const list: Annotation[] = []
  for (let i = 0; i < count; i++) {
    r.skip(1)
    const key = r.svar32()
    const code = r.i8()
    list.push({ key, code, value: readValue(code, r.pbytes()) })
  }
  return list
}

function readValue(code: number, bytes: Buffer | null): AnnotationValue {
  const v = new RowReader(bytes ?? Buffer.alloc(0))
  switch (code) {
    case 0:
    case 11:
      return bytes?.toString('utf8') ?? null
    case 1:
      return null
    case 2:
      return v.svar32()
    case 3:
      return v.svar64()
    case 4:
      return true
    case 5:
      return false
    case 6:
      return bytes
    case 7:
      return v.i8()
    case 8:
      return (v.svar32() << 16) >> 16
    case 9:
      return new DataView(bytes!.buffer, bytes!.byteOffset).getFloat32(0)
    case 10:
      return v.f64()
    case 20:
      return { id: v.svar32(), first: v.pstr(), second: null }
    case 21:
      return { id: v.svar32(), first: v.pstr(), second: v.pstr() }
    default:
      throw new DecodeError('MALFORMED', `an annotation has the unknown type ${code}`, 0)
  }
}
