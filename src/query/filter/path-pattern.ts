// Path patterns: "?" is one character, "*" any but "/", "**" as a whole part any number of parts.

/** Whether a path is of a pattern; as in the original both begin with "/" or none does. */
export function matchesPath(pattern: string, path: string): boolean {
  if (pattern.startsWith('/') !== path.startsWith('/')) return false
  const wanted = partsOf(pattern)
  const given = partsOf(path)
  // where in `given` the parts of the pattern so far may end
  let ends = new Set([0])
  for (const part of wanted) {
    const next = new Set<number>()
    for (const end of ends) {
      if (part === '**') for (let i = end; i <= given.length; i++) next.add(i)
      else if (end < given.length && matchesPart(part, given[end])) next.add(end + 1)
    }
    ends = next
  }
  const open = pattern.endsWith('/') === path.endsWith('/') || wanted.at(-1) === '**'
  return open && ends.has(given.length)
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}

/** Greedy with one step back: no pattern takes longer than the product of both lengths. */
function matchesPart(pattern: string, text: string): boolean {
  let [p, t, star, from] = [0, 0, -1, 0]
  while (t < text.length) {
    if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t]) && pattern[p] !== '*') {
      p++
      t++
    } else if (pattern[p] === '*') {
      star = p++
      from = t
    } else if (star >= 0) {
      p = star + 1
      t = ++from
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
