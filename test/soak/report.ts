import { arch, cpus, platform } from 'node:os'
import { parseArgs } from 'node:util'

// What the soak programs share: sizes as options, one line of progress every few seconds, a table and a verdict.

const PROGRESS_PAUSE_MS = 5_000

/** Sizes from the command line: --name N, each with its default and a line of help; and words in the same way. */
export function sizes<Name extends string, Word extends string = never>(
  title: string,
  wanted: Readonly<Record<Name, readonly [initial: number, help: string]>>,
  words = {} as Readonly<Record<Word, readonly [initial: string, help: string]>>,
): Record<Name, number> & Record<Word, string> {
  const names = Object.keys(wanted) as Name[]
  const all: [string, readonly [initial: number | string, help: string]][] = Object.entries({ ...wanted, ...words })
  const options = Object.fromEntries(all.map(([name]) => [name, { type: 'string' as const }]))
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } })
  if (values.help) {
    console.log(title)
    for (const [name, [initial, help]] of all) console.log(`  --${name.padEnd(16)} ${help} (${initial})`)
    process.exit(0)
  }
  const given = values as Partial<Record<Name | Word, string>>
  const read = (name: Name): number => {
    const size = Number(given[name] ?? wanted[name][0])
    if (!Number.isFinite(size) || size < 0) throw new Error(`--${name} must be a number`)
    return size
  }
  const texts = (Object.keys(words) as Word[]).map((name) => [name, given[name] ?? words[name][0]])
  return Object.fromEntries([...names.map((name) => [name, read(name)]), ...texts])
}

/** Prints what say() returns every few seconds until stopped. @returns stop */
export function progress(say: () => string | Promise<string>): () => void {
  const began = performance.now()
  const timer = setInterval(async () => {
    const seconds = Math.round((performance.now() - began) / 1000)
    console.log(`${String(seconds).padStart(5)} s  ${await say()}`)
  }, PROGRESS_PAUSE_MS)
  return () => clearInterval(timer)
}

export interface Condition {
  what: string
  found: string
  ok: boolean
}

/** Prints machine and conditions; ends the process with 1 when one does not hold. */
export function conclude(conditions: readonly Condition[]): void {
  const width = Math.max(...conditions.map((c) => c.what.length))
  console.log(`\nnode ${process.version}, ${platform()} ${arch()}, ${cpus().length} CPUs`)
  for (const { what, found, ok } of conditions)
    console.log(`${ok ? 'ok    ' : 'FAILED'}  ${what.padEnd(width)}  ${found}`)
  process.exitCode = conditions.every((c) => c.ok) ? 0 : 1
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`
}
