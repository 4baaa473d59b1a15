import { formatSeconds } from './quantity.js'
import type { Origins } from './resolve.js'
import { SETTING_KEYS, type Settings, settingOf } from './schema.js'
import { originsOf } from './settings.js'
import { completeTtls } from './ttl.js'

/** One setting for people: secrets are masked. */
export interface DescribedSetting {
  name: string
  value: string
  source: string
}

const DEFAULT = 'default'

/** All settings with values and sources, fit to be shown: secrets are masked; `ttl` is one line a table. */
export function describeSettings(settings: Settings, origins: Origins = originsOf(settings)): DescribedSetting[] {
  return SETTING_KEYS.flatMap((key) => {
    if (key === 'ttlSeconds') return describeTtls(settings, origins)
    const setting = settingOf(key)
    return [{ name: setting.name, value: setting.format(settings[key]), source: origins[key] ?? DEFAULT }]
  })
}

function describeTtls(settings: Settings, origins: Origins): DescribedSetting[] {
  const defaults = completeTtls({}, settings.store)
  return Object.entries(settings.ttlSeconds).map(([table, seconds]) => ({
    name: `${settingOf('ttlSeconds').name}.${table}`,
    value: formatSeconds(seconds),
    source: seconds === defaults[table] ? DEFAULT : (origins.ttlSeconds ?? DEFAULT),
  }))
}
