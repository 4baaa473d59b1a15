import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const GENERATED = 'src/thrift/generated'

function generate(root: string, ...args: string[]): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'dist/tools/generate.js'), ...args], { encoding: 'utf8' })
}

/** Copies the generator, the IDL and the generated files into a directory of their own. */
function copyTo(root: string): string {
  for (const path of ['idl', GENERATED, 'dist/tools/generate.js', 'dist/tools/idl.js', 'dist/tools/codec']) {
    cpSync(join(ROOT, path), join(root, path), { recursive: true })
  }
  return root
}

t.test('the generated files are what the IDL says', async (t) => {
  const run = generate(ROOT, '--check')
  t.equal(run.status, 0, run.stderr)
})

t.test('a check of a stale file fails, names it and leaves it; a run writes it anew', async (t) => {
  const root = copyTo(t.testdir({ 'package.json': '{"type":"module"}' }))
  const file = join(root, GENERATED, 'command.ts')
  const good = readFileSync(file, 'utf8')
  const stale = good.replace('case 1:', 'case 2:')
  writeFileSync(file, stale)
  const run = generate(root, '--check')
  t.equal(run.status, 1)
  t.match(run.stderr, `${GENERATED}/command.ts`)
  t.notMatch(run.stderr, `${GENERATED}/trace.ts`)
  t.equal(readFileSync(file, 'utf8'), stale)
  t.equal(generate(root).status, 0)
  t.equal(readFileSync(file, 'utf8'), good)
  t.strictSame(readdirSync(join(root, GENERATED)).sort(), ['command.ts', 'pinpoint.ts', 'trace.ts'])
})

t.test('a changed IDL makes the check fail, a type that is nowhere stops the generator', async (t) => {
  const root = copyTo(t.testdir({ 'package.json': '{"type":"module"}' }))
  const idl = join(root, 'idl/Trace.thrift')
  const text = readFileSync(idl, 'utf8')
  writeFileSync(idl, text.replace('struct TResult {', 'struct TResult {\n  3: optional i32 code'))
  t.equal(generate(root, '--check').status, 1)
  writeFileSync(idl, text.replace('1: bool success', '1: boolean success'))
  const run = generate(root)
  t.not(run.status, 0)
  t.match(run.stderr, 'no IDL file has the type boolean')
})
