import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, StoreError } from '../../errors.js'
import { CLASSES, FORMAT } from './layout.js'

const FORMAT_FILE = 'format.json'

/** Checks that this program can read the directory. A directory without the file is an empty store. */
export function checkFormat(dataDir: string): void {
  const file = join(dataDir, FORMAT_FILE)
  if (!existsSync(file)) return
  let format: unknown
  try {
    format = (JSON.parse(readFileSync(file, 'utf8')) as { format: unknown }).format
  } catch (cause) {
    throw new StoreError(
      'format',
      `${file} cannot be read: ${messageOf(cause)}; restore it or use another --data-dir`,
      false,
      { cause },
    )
  }
  if (typeof format === 'number' && format <= FORMAT) return
  throw new StoreError(
    'format',
    `${dataDir} was written by a newer version (format ${format}, this one reads up to ${FORMAT}); ` +
      'install that version again, or start with another --data-dir',
    false,
  )
}

/** Makes the directories and the format file; does nothing to what is there. */
export function createStore(dataDir: string, progress: (step: string) => void = () => {}): void {
  const file = join(dataDir, FORMAT_FILE)
  try {
    for (const dir of [dataDir, ...CLASSES.map((c) => join(dataDir, c))]) {
      if (existsSync(dir)) continue
      progress(`make directory ${dir}`)
      mkdirSync(dir, { recursive: true })
    }
    if (existsSync(file)) return
    progress(`write ${file}`)
    const temporary = `${file}.${process.pid}`
    writeFileSync(temporary, `${JSON.stringify({ format: FORMAT, about: 'embedded store of pinpoint-collector' })}\n`)
    renameSync(temporary, file)
  } catch (cause) {
    throw new StoreError(
      'unwritable',
      `${dataDir} cannot be written: ${messageOf(cause)}; give the user of the collector the right to write there, or set --data-dir`,
      false,
      { cause },
    )
  }
}
