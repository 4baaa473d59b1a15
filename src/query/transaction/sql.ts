// A statement is stored without its literals: "0#" stands for literal number 0 as it is, "0$" for one that was quoted. The
// literals come as a list with commas between; a comma inside of one is doubled. Bind values come as such a list too.

/** Splits a list of literals or bind values. */
export function splitValues(text: string | null): string[] {
  if (text === null || text === '') return []
  const values: string[] = []
  let value = ''
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== ',') value += text[i]
    else if (text[i + 1] === ',') value += text[i++]
    else {
      values.push(value)
      value = ''
    }
  }
  return [...values, value]
}

const COMMENT = /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*\n?|--[^\n]*\n?/y

/** End of the comment that begins at `at`, or `at` when none does. */
function commentEnd(sql: string, at: number): number {
  COMMENT.lastIndex = at
  return COMMENT.test(sql) ? COMMENT.lastIndex : at
}

const PLACEHOLDER = /(\d+)([#$])?/y

/** Puts the literals back where their numbers stand; comments stay as they are. */
export function withLiterals(sql: string, literals: readonly string[]): string {
  let out = ''
  for (let i = 0; i < sql.length; ) {
    const end = commentEnd(sql, i)
    PLACEHOLDER.lastIndex = i
    const match = end === i ? PLACEHOLDER.exec(sql) : null
    const next = match === null ? Math.max(end, i + 1) : PLACEHOLDER.lastIndex
    const literal = match?.[2] === undefined ? undefined : literals[Number(match[1])]
    out += literal ?? sql.slice(i, next)
    i = next
  }
  return out
}

/** Puts bind values, quoted, where the question marks stand, outside of quotes and comments. */
export function withBindValues(sql: string, values: readonly string[]): string {
  if (values.length === 0) return sql
  let out = ''
  let next = 0
  let quote = ''
  for (let i = 0; i < sql.length; ) {
    const end = quote === '' ? commentEnd(sql, i) : i
    if (end > i) {
      out += sql.slice(i, end)
      i = end
      continue
    }
    const char = sql[i++]
    if (quote !== '' && char === quote && sql[i] === quote) {
      // a doubled quote is one of the text
      out += char
      i++
    } else if (quote !== '') {
      if (char === quote) quote = ''
      out += char
    } else if (char === '?') {
      if (next < values.length) out += `'${values[next++].trim()}'`
    } else {
      if (char === "'" || char === '"') quote = char
      out += char
    }
  }
  return out
}
