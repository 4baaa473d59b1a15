import { readFileSync } from 'node:fs'

// Annotation keys (spec: storage.md §4.3): names, and which are lines of a call tree.

export interface AnnotationKey {
  key: number
  name: string
  viewInRecordSet: boolean
}

export const KEY = {
  args0: -1,
  argsLast: -11,
  cachedArgs0: -30,
  cachedArgsLast: -40,
  apiMetadata: 13,
  sqlId: 20,
  sql: 21,
  sqlBindValue: 24,
} as const

const file = new URL('../../../idl/service-types.json', import.meta.url)
const keys = (JSON.parse(readFileSync(file, 'utf8')) as { annotationKeys: AnnotationKey[] }).annotationKeys
const byKey = new Map(keys.map((key) => [key.key, key]))
const unknown: AnnotationKey = { key: -9999, name: 'UNKNOWN', viewInRecordSet: false }

export function annotationKey(key: number): AnnotationKey {
  return byKey.get(key) ?? unknown
}

export const isArgument = (key: number): boolean => key <= KEY.args0 && key >= KEY.argsLast
export const isCachedArgument = (key: number): boolean => key <= KEY.cachedArgs0 && key >= KEY.cachedArgsLast

/** The key of the argument whose text a cached argument is the id of. */
export function cachedToArgument(key: number): number {
  return key - KEY.cachedArgs0 + KEY.args0
}

/** Whether an annotation is what pages show beside a call of that type. */
export function isDisplayed(display: number | 'ARGS' | null, key: number): boolean {
  return display === 'ARGS' ? isArgument(key) : display !== null && display === key
}
