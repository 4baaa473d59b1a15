import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { execute } from '../../src/cli/cli.js'
import { fakeIo, type Sink } from '../unit/cli/fake-io.js'

// dist/test/builders → the package root
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A file of the package, by its path from the root. */
export function packageFile(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8')
}

/** The documents of a YAML file of the package; ${NAME:-default} of Compose is replaced by its default. */
export function packageYaml(path: string): unknown[] {
  const text = packageFile(path).replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1')
  return parseAllDocuments(text, { merge: true }).map((document) => {
    if (document.errors.length > 0) throw document.errors[0]
    return document.toJS({ maxAliasCount: -1 })
  })
}

/** What check-config says against an environment: exit code, and the lines that are warnings or errors. */
export async function configComplaints(
  environment: Record<string, string>,
): Promise<{ code: number; lines: string[] }> {
  const io = fakeIo({ environment })
  const code = await execute(['node', 'pinpoint-collector', 'check-config'], io)
  const text = `${(io.stdout as Sink).text}${io.stderr.text}`
  return { code, lines: text.split('\n').filter((line) => /^(warning|error|notice)/.test(line)) }
}

/** Whether there is a command of these words: it has a --help. */
export async function isCommand(words: readonly string[]): Promise<boolean> {
  const help = fakeIo()
  const code = await execute(['node', 'pinpoint-collector', ...words, '--help'], help)
  return code === 0
}
