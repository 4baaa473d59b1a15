import { readFileSync } from 'node:fs'
import { messageOf, SettingsError } from '../errors.js'
import { SETTING_KEYS, type SettingKey, settingOf } from './schema.js'

/** One value as somebody wrote it. */
export interface Given {
  key: SettingKey
  text: string
  /** where it stands, for messages: `udp.receiveBufferBytes in collector.yaml` */
  source: string
  /** written under a name of Pinpoint's own collector; our own name in the same place wins */
  foreign: boolean
}

/** What one source says: the values, and what the operator should know about the rest. */
export interface Findings {
  given: Given[]
  /** something is probably wrong */
  warnings: string[]
  /** something has no effect, and need not have */
  notices: string[]
  problems: SettingsError[]
}

export function noFindings(): Findings {
  return { given: [], warnings: [], notices: [], problems: [] }
}

/** Settings by the name that files use. */
export const KEY_BY_NAME: ReadonlyMap<string, SettingKey> = new Map(SETTING_KEYS.map((k) => [settingOf(k).name, k]))

/** Adds a value that stands in a file of its own, without the line end; a problem when it cannot be read. */
export function giveFromFile(to: Findings, key: SettingKey, path: string, source: string): void {
  const name = settingOf(key).name
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
    if (text === '') throw new Error('the file is empty')
    to.given.push({ key, text, source, foreign: false })
  } catch (error) {
    const cure = 'name a readable file that holds the value'
    to.problems.push(
      new SettingsError(`${name}: cannot read "${path}" (${source}): ${messageOf(error)}; ${cure}`, name),
    )
  }
}
