// What the HBase shell's `list` prints, and ours after it:
//
//   TABLE
//   <name>            one a line, in alphabetical order
//   <n> row(s)        the shell adds " in <seconds> seconds"

const END = /^(\d+) row\(s\)( in [\d.]+ seconds)?$/

export interface TableList {
  names: string[]
  /** rows as the last line tells them */
  rows: number
}

/** Reads a list out of an output with other lines around it; throws when there is none. */
export function parseTableList(output: string): TableList {
  const lines = output.split('\n').map((line) => line.trim())
  const start = lines.indexOf('TABLE')
  if (start < 0) throw new Error('there is no line TABLE in the output')
  const end = lines.findIndex((line, i) => i > start && END.test(line))
  if (end < 0) throw new Error('the list of tables has no last line "N row(s)"')
  return { names: lines.slice(start + 1, end), rows: Number(END.exec(lines[end])![1]) }
}

/** What is wrong with a list, when it should have these names; empty when it is as it should be. */
export function tableListProblems(list: TableList, wanted: readonly string[]): string[] {
  const problems: string[] = []
  const there = new Set(list.names)
  const missing = wanted.filter((name) => !there.has(name))
  if (missing.length > 0) problems.push(`missing: ${missing.join(', ')}`)
  if (list.rows !== list.names.length) problems.push(`${list.names.length} names, but "${list.rows} row(s)"`)
  if (list.names.join() !== [...list.names].sort().join()) problems.push('not in alphabetical order')
  return problems
}
