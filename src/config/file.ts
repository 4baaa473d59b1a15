import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { parse as parseProperties } from 'dot-properties'
import { parse as parseYaml } from 'yaml'
import { messageOf, SettingsError } from '../errors.js'
import { type Findings, giveFromFile, KEY_BY_NAME, noFindings } from './given.js'
import { nearest } from './nearest.js'
import { SETTING_KEYS, type SettingKey, settingOf } from './schema.js'
import { whyUnused } from './unused-keys.js'

/** Settings by the names of Pinpoint's own collector. */
const LEGACY = new Map<string, SettingKey>(
  SETTING_KEYS.flatMap((key) => (settingOf(key).legacy ?? []).map((name): [string, SettingKey] => [name, key])),
)

/** http.passwordFile → http.password */
const SECRET_FILES = new Map<string, SettingKey>(
  SETTING_KEYS.filter((key) => settingOf(key).secret).map((key) => [`${settingOf(key).name}File`, key]),
)

const KNOWN_NAMES = [...KEY_BY_NAME.keys(), ...SECRET_FILES.keys(), ...LEGACY.keys()]

/** `ttl.Traces: 7d` is the same as `ttl: Traces=7d`. */
const TTL_PREFIX = 'ttl.'

type Pair = [name: string, text: string]

/** Reads a settings file, YAML or Java properties by its ending; throws a SettingsError when it cannot be read at all. */
export function readSettingsFile(path: string): Findings {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new SettingsError(`cannot read the settings file "${path}": ${messageOf(error)}; check --config`, 'config')
  }
  return readSettingsText(path, text)
}

/** The same for text that is already there; `path` only names it. */
export function readSettingsText(path: string, text: string): Findings {
  const file = basename(path)
  const found = noFindings()
  for (const [name, value] of pairsOf(path, text)) addPair(found, file, name, value.trim())
  return found
}

function pairsOf(path: string, text: string): Pair[] {
  const ending = extname(path).toLowerCase()
  try {
    if (ending === '.properties') return Object.entries(parseProperties(text) as Record<string, string>)
    if (['.yaml', '.yml', '.json'].includes(ending)) return flatten('', parseYaml(text))
  } catch (error) {
    throw new SettingsError(
      `cannot understand the settings file "${path}": ${messageOf(error)}; correct that line`,
      'config',
    )
  }
  throw new SettingsError(
    `cannot tell the format of the settings file "${path}": its name must end in .yaml, .yml, .json or .properties`,
    'config',
  )
}

/** `udp: {receiveBufferBytes: 4MiB}` → `udp.receiveBufferBytes`, `4MiB`; lists with commas between. */
function flatten(prefix: string, value: unknown): Pair[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return [[prefix, value.map((item) => plainText(prefix, item)).join(',')]]
  if (typeof value !== 'object') {
    if (prefix === '') throw new Error('the file holds no "name: value" lines')
    return [[prefix, plainText(prefix, value)]]
  }
  return Object.entries(value).flatMap(([name, inner]) => flatten(prefix === '' ? name : `${prefix}.${name}`, inner))
}

function plainText(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Error(`${name} holds a list of something other than plain values`)
}

function addPair(found: Findings, file: string, name: string, text: string): void {
  const own = KEY_BY_NAME.get(name)
  const key = own ?? LEGACY.get(name)
  const secretKey = SECRET_FILES.get(name)
  if (key !== undefined || name.startsWith(TTL_PREFIX) || secretKey !== undefined) {
    if (text === '') return
    const source = `${name} in ${file}`
    if (secretKey !== undefined) giveFromFile(found, secretKey, text, source)
    else if (key !== undefined) found.given.push({ key, text, source, foreign: own === undefined })
    else
      found.given.push({ key: 'ttlSeconds', text: `${name.slice(TTL_PREFIX.length)}=${text}`, source, foreign: false })
    return
  }
  const why = whyUnused(name)
  if (why !== undefined) {
    found.notices.push(`${name} in ${file} has no effect: ${why}`)
    return
  }
  const near = nearest(name, KNOWN_NAMES)
  const hint = near === undefined ? 'take it out, or see docs/reference/settings.md' : `did you mean ${near}?`
  found.warnings.push(`unknown setting ${name} in ${file} is ignored: ${hint}`)
}
