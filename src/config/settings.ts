import { join } from 'node:path'
import { SettingsError } from '../errors.js'
import { crossProblems, crossWarnings } from './cross-checks.js'
import { CONFIG_ENVIRONMENT, type Environment, readEnvironment } from './environment.js'
import { readSettingsFile } from './file.js'
import { type Findings, noFindings } from './given.js'
import { type OptionValue, readOptions } from './options.js'
import { layer, type Origins } from './resolve.js'
import { SETTING_KEYS, type SettingKey, type Settings, settingOf } from './schema.js'
import { completeTtls } from './ttl.js'

export type { Origins } from './resolve.js'
export type { SettingKey, Settings } from './schema.js'

/** Where settings are read from; later in this list wins. */
export interface Sources {
  /** settings files, the later one wins */
  files?: readonly string[]
  environment?: Environment
  options?: readonly OptionValue[]
  /** name=value pairs of --set */
  set?: readonly string[]
}

export interface LoadedSettings {
  settings: Settings
  origins: Origins
  /** something is probably wrong: tell the operator at start */
  warnings: string[]
  /** given, but without effect */
  notices: string[]
}

/** Settings with everything that is wrong with them: for check-config. */
export interface InspectedSettings extends LoadedSettings {
  problems: SettingsError[]
}

/** Reads and checks all sources; throws a SettingsError that names everything that is wrong. */
export function loadSettings(sources: Sources): LoadedSettings {
  const { problems, ...loaded } = inspectSettings(sources)
  if (problems.length === 1) throw problems[0]
  if (problems.length > 1) throw new SettingsError(problems.map((p) => p.message).join('\n'), problems[0].key)
  return loaded
}

/** Reads all sources and never throws: settings that are wrong have their default. */
export function inspectSettings(sources: Sources): InspectedSettings {
  const read: Findings[] = []
  for (const file of filesOf(sources)) read.push(readFile(file))
  read.push(readEnvironment(sources.environment ?? {}))
  read.push(readOptions(sources.options ?? [], sources.set ?? []))
  const { values, origins, problems, warnings } = layer(read)
  const settings = complete(values, origins)
  originsBySettings.set(settings, origins)
  return {
    settings,
    origins,
    problems: [...read.flatMap((f) => f.problems), ...problems, ...crossProblems(settings, origins)],
    warnings: [...read.flatMap((f) => f.warnings), ...warnings, ...crossWarnings(settings)],
    notices: read.flatMap((f) => f.notices),
  }
}

function filesOf(sources: Sources): readonly string[] {
  if (sources.files !== undefined && sources.files.length > 0) return sources.files
  const named = sources.environment?.[CONFIG_ENVIRONMENT] ?? ''
  return named
    .split(',')
    .map((file) => file.trim())
    .filter((file) => file !== '')
}

function readFile(file: string): Findings {
  try {
    return readSettingsFile(file)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return { ...noFindings(), problems: [error] }
  }
}

/** Puts defaults under the values, those too that depend on other settings. */
function complete(values: ReadonlyMap<SettingKey, unknown>, origins: Partial<Record<SettingKey, string>>): Settings {
  const all = Object.fromEntries(SETTING_KEYS.map((key) => [key, values.get(key) ?? settingOf(key).initial]))
  const given = all as unknown as Settings
  const implied = origins.store === undefined && origins.hbaseQuorum !== undefined
  if (implied) origins.store = `because of ${origins.hbaseQuorum}`
  const store = implied ? 'hbase' : given.store
  return {
    ...given,
    store,
    spillDir: given.spillDir === '' ? join(given.dataDir, 'spill') : given.spillDir,
    brokerStateDir: given.brokerStateDir === '' ? join(given.dataDir, 'broker') : given.brokerStateDir,
    web: origins.web === undefined ? store === 'embedded' : given.web,
    ttlSeconds: completeTtls(given.ttlSeconds, store),
    hbaseQuorum: given.hbaseQuorum.map((server) => withPort(server, given.hbasePort)),
  }
}

function withPort(server: string, port: number): string {
  return /:\d+$/.test(server) ? server : `${server}:${port}`
}

/** All defaults, with some values replaced: for tests and benches. */
export function defaultSettings(replaced: Partial<Settings> = {}): Settings {
  return { ...complete(new Map(), {}), ...replaced }
}

const originsBySettings = new WeakMap<Settings, Origins>()

/** Where the values of settings from loadSettings come from; empty for others. */
export function originsOf(settings: Settings): Origins {
  return originsBySettings.get(settings) ?? {}
}
