// JSON in which an object may name a key twice, as the original's maps do: JSON.parse would forget all but the last.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const SPACE = /\s*/y
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const STRING = /"(?:[^"\\]|\\.)*"/y

/** Parses JSON; values of a key that is there twice are put together by `merge`. */
export function parseLossless(text: string, merge: (a: Json, b: Json) => Json): Json {
  let at = 0
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found === undefined) throw new SyntaxError(`no JSON at ${at}: ${text.slice(at, at + 40)}`)
    at += found.length
    return found
  }
  const take = (char: string): boolean => {
    match(SPACE)
    if (text[at] !== char) return false
    at++
    return true
  }
  const list = (end: string, item: () => void): void => {
    if (take(end)) return
    do item()
    while (take(','))
    if (!take(end)) throw new SyntaxError(`no "${end}" at ${at}`)
  }
  const value = (): Json => {
    if (take('{')) {
      const out: { [key: string]: Json } = Object.create(null)
      list('}', () => {
        match(SPACE)
        const key = JSON.parse(match(STRING)) as string
        take(':')
        const next = value()
        out[key] = key in out ? merge(out[key], next) : next
      })
      return out
    }
    if (take('[')) {
      const out: Json[] = []
      list(']', () => out.push(value()))
      return out
    }
    if (text[at] === '"') return JSON.parse(match(STRING)) as string
    for (const [word, meaning] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (!text.startsWith(word, at)) continue
      at += word.length
      return meaning
    }
    return Number(match(NUMBER))
  }
  return value()
}

/** Adds counts up: those of maps by name and of [time, count] pairs. */
export function addCounts(a: Json, b: Json): Json {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  if (Array.isArray(a) && Array.isArray(b)) {
    const pair = a.length === 2 && typeof a[0] === 'number'
    return a.map((item, i) => (pair && i === 0 ? item : addCounts(item, b[i] ?? null)))
  }
  if (isObject(a) && isObject(b)) {
    return Object.fromEntries(
      Object.keys({ ...a, ...b }).map((key) => [
        key,
        key in a && key in b ? addCounts(a[key], b[key]) : (a[key] ?? b[key]),
      ]),
    )
  }
  return a
}

export function isObject(json: Json | undefined): json is { [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
