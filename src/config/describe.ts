import type { Origins } from './resolve.js'
import { SETTING_KEYS, type Settings, settingOf } from './schema.js'
import { originsOf } from './settings.js'

/** One setting for people: secrets are masked. */
export interface DescribedSetting {
  name: string
  value: string
  source: string
}

/** All settings with values and sources, fit to be shown: secrets are masked. */
export function describeSettings(settings: Settings, origins: Origins = originsOf(settings)): DescribedSetting[] {
  return SETTING_KEYS.map((key) => {
    const setting = settingOf(key)
    return { name: setting.name, value: setting.format(settings[key]), source: origins[key] ?? 'default' }
  })
}
