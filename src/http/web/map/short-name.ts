/** The name with its middle left out when it is too long: hosts differ at both ends. */
export function shortName(name: string, max: number): string {
  if (name.length <= max) return name
  const head = Math.ceil((max - 1) / 2)
  return `${name.slice(0, head)}…${name.slice(name.length - (max - 1 - head))}`
}
