import { SettingsError } from '../errors.js'
import { type Findings, KEY_BY_NAME, noFindings } from './given.js'
import { nearest } from './nearest.js'
import { type SettingKey, settingOf } from './schema.js'

/** An option of the command line that names a setting. */
export interface OptionValue {
  key: SettingKey
  /** as the operator typed it: `--tcp-port` */
  flag: string
  text: string
}

/** Reads the options of a setting each, and `--set name=value`. */
export function readOptions(options: readonly OptionValue[], set: readonly string[]): Findings {
  const found = noFindings()
  for (const { key, flag, text } of options) found.given.push({ key, text, source: `option ${flag}`, foreign: false })
  for (const pair of set) addPair(found, pair)
  return found
}

function addPair(found: Findings, pair: string): void {
  const at = pair.indexOf('=')
  const name = at < 0 ? pair : pair.slice(0, at)
  const key = KEY_BY_NAME.get(name)
  if (key === undefined) {
    const near = nearest(name, KEY_BY_NAME.keys())
    const hint = near === undefined ? 'see docs/reference/settings.md' : `did you mean ${near}?`
    found.problems.push(new SettingsError(`--set ${name}: there is no such setting; ${hint}`, name))
  } else if (at < 0) {
    found.problems.push(new SettingsError(`--set ${name} has no value: write --set ${name}=VALUE`, name))
  } else if (settingOf(key).secret) {
    const cure = `write it to a file and set ${name}File in the settings file or the _FILE environment variable`
    found.problems.push(
      new SettingsError(`--set ${name}: everybody on this machine could read it with ps; ${cure}`, name),
    )
  } else found.given.push({ key, text: pair.slice(at + 1), source: `option --set ${name}`, foreign: false })
}
