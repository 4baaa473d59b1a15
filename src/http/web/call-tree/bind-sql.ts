// statement => (text | 'literal' | "name" | -- comment | /* comment */ | ?)*
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g

/** The statement with its values in the place of the question marks; those without a value stay. */
export function bindSql(sql: string, values: string): string {
  const given = values === '' ? [] : values.split(', ')
  let next = 0
  return sql.replace(PARTS, (part) => (part === '?' && next < given.length ? literal(given[next++]) : part))
}

function literal(value: string): string {
  return /^(-?\d+(\.\d+)?|null|true|false)$/i.test(value) ? value : `'${value.replaceAll("'", "''")}'`
}
