import { messageOf, SettingsError } from '../errors.js'
import type { Findings, Given } from './given.js'
import { SETTING_KEYS, type SettingKey, settingOf } from './schema.js'

/** Where each value comes from; a setting that is absent here has its default. */
export type Origins = Readonly<Partial<Record<SettingKey, string>>>

/** Values and their origins while sources are laid over each other. */
export interface Layers {
  values: Map<SettingKey, unknown>
  origins: Partial<Record<SettingKey, string>>
  problems: SettingsError[]
  warnings: string[]
}

interface Parsed {
  given: Given
  value: unknown
}

/** Lays sources over each other, the later on top. */
export function layer(sources: readonly Findings[]): Layers {
  const layers: Layers = { values: new Map(), origins: {}, problems: [], warnings: [] }
  for (const source of sources) {
    for (const key of SETTING_KEYS) {
      const parsed = parseAll(source.given, key, layers.problems)
      if (parsed.length > 0) put(layers, key, parsed)
    }
  }
  return layers
}

function parseAll(given: readonly Given[], key: SettingKey, problems: SettingsError[]): Parsed[] {
  const parsed: Parsed[] = []
  for (const g of given) {
    if (g.key !== key) continue
    const value = parseOne(g)
    if (value instanceof SettingsError) problems.push(value)
    else parsed.push({ given: g, value })
  }
  return parsed
}

function parseOne(given: Given): unknown {
  const setting = settingOf(given.key)
  let why = ''
  try {
    const value = setting.parse(given.text)
    if (value !== undefined) return value
  } catch (error) {
    why = ` (${messageOf(error)})`
  }
  const shown = setting.secret ? 'the value' : `"${given.text}"`
  return new SettingsError(
    `${setting.name}: ${shown} from ${given.source} is not allowed${why}; allowed: ${setting.allowed}`,
    setting.name,
  )
}

/** One source's word for one setting: our own name wins over foreign ones; foreign ones must agree. */
function put(layers: Layers, key: SettingKey, parsed: Parsed[]): void {
  const setting = settingOf(key)
  const own = parsed.filter((p) => !p.given.foreign)
  const chosen = own.length > 0 ? mergeAll(key, own) : agree(key, parsed, layers)
  const older = layers.values.get(key)
  const added = setting.merge !== undefined && older !== undefined
  layers.values.set(key, added ? setting.merge?.(older, chosen.value) : chosen.value)
  layers.origins[key] = added ? `${layers.origins[key]}, ${chosen.given.source}` : chosen.given.source
}

function mergeAll(key: SettingKey, parsed: Parsed[]): Parsed {
  const { merge } = settingOf(key)
  return parsed.reduce((a, b) => {
    if (merge === undefined) return b
    const source = `${a.given.source}, ${b.given.source}`
    return { given: { ...b.given, source }, value: merge(a.value, b.value) }
  })
}

function agree(key: SettingKey, parsed: Parsed[], layers: Layers): Parsed {
  const { name, format } = settingOf(key)
  const odd = parsed.find((p) => format(p.value) !== format(parsed[0].value))
  if (odd === undefined) return parsed[0]
  const both = `${parsed[0].given.source} and ${odd.given.source} differ, but one value serves both`
  if (typeof odd.value === 'number' && settingOf(key).unit !== undefined) {
    const largest = parsed.reduce((a, b) => (Number(b.value) > Number(a.value) ? b : a))
    layers.warnings.push(`${name}: ${both}; the larger one is used. Set ${name} instead`)
    return largest
  }
  layers.problems.push(new SettingsError(`${name}: ${both}; make them equal, or set ${name}`, name))
  return parsed[0]
}
