import { annotationKey, cachedToArgument, isDisplayed, KEY } from '../annotation-keys.js'
import type { Annotation, AnnotationValue } from '../read/annotation.js'
import type { Span, SpanEvent } from '../read/span.js'
import { serviceType } from '../service-types.js'
import { cachedArgumentsOf, type Metadata, sqlOf } from './metadata-lookup.js'
import { splitValues, withLiterals } from './sql.js'

const CODE_DOUBLE = 10

/** An annotation as text. */
export interface ShownAnnotation {
  key: number
  text: string
}

/** The annotations of a call with ids replaced by what they stand for: as sent, then API, statement, arguments. */
export function shownAnnotations(call: Span | SpanEvent, metadata: Metadata): ShownAnnotation[] {
  const shown = call.annotations.map((annotation) => ({ key: annotation.key, text: textOf(annotation) }))
  const sql = sqlOf(call.annotations)
  if (sql !== null) {
    const statement = metadata.sql(call, sql.id)
    if (statement === undefined) shown.push({ key: KEY.sql, text: `SQL-ID not found hashCode:${sql.id}` })
    else shown.push({ key: KEY.sql, text: withLiterals(statement, splitValues(sql.first)).trim() })
    if (sql.second !== null && sql.second !== '') shown.push({ key: KEY.sqlBindValue, text: sql.second })
  }
  for (const { key, id } of cachedArgumentsOf(call.annotations)) {
    const text = metadata.text(call, id)
    if (text !== undefined) shown.push({ key: cachedToArgument(key), text })
  }
  return shown
}

/** Those that have a line of their own. */
export function linesOf(annotations: readonly ShownAnnotation[]): { name: string; text: string }[] {
  return annotations.flatMap(({ key, text }) => {
    const { name, viewInRecordSet } = annotationKey(key)
    return viewInRecordSet ? [{ name, text }] : []
  })
}

/** What is shown beside a call: the first annotation that its type shows. */
export function displayedArgument(call: Span | SpanEvent, annotations: readonly ShownAnnotation[]): string {
  const { displayAnnotation } = serviceType(call.typeCode)
  return annotations.find(({ key }) => isDisplayed(displayAnnotation, key))?.text ?? ''
}

function textOf({ value, code }: Annotation): string {
  if (typeof value === 'number' && code === CODE_DOUBLE) return doubleText(value)
  return plainText(value)
}

function plainText(value: AnnotationValue): string {
  if (value === null) return ''
  if (Buffer.isBuffer(value)) return value.toString('hex')
  if (typeof value === 'object') return [value.id, value.first, value.second].filter((part) => part !== null).join(', ')
  return String(value)
}

const PLAIN_FROM = 1e-3
const PLAIN_UNTIL = 1e7

/** As Java prints a double: always a point, powers of ten outside of 0.001 to 10,000,000. */
function doubleText(value: number): string {
  const size = Math.abs(value)
  if (value === 0 || (size >= PLAIN_FROM && size < PLAIN_UNTIL)) {
    return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value)
  }
  if (!Number.isFinite(value)) return String(value)
  const [digits, power] = value.toExponential().split('e')
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(power)}`
}
