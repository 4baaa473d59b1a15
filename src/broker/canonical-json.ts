/** Deeper parameters are refused. */
const MAX_DEPTH = 32

/**
 * JSON text that is the same for values that are the same: keys sorted, no spaces.
 * @returns undefined when the value is nested too deep
 */
export function canonicalJson(value: unknown, depth = MAX_DEPTH): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (depth === 0) return undefined
  const isList = Array.isArray(value)
  const entries = isList ? value.map((inner): [string, unknown] => ['', inner]) : sorted(Object.entries(value))
  const parts: string[] = []
  for (const [key, inner] of entries) {
    const text = canonicalJson(inner, depth - 1)
    if (text === undefined) return undefined
    parts.push(isList ? text : `${JSON.stringify(key)}:${text}`)
  }
  return isList ? `[${parts.join(',')}]` : `{${parts.join(',')}}`
}

function sorted(entries: [string, unknown][]): [string, unknown][] {
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
}
