import { BROKER_SETTINGS } from './schema/broker.js'
import { PIPELINE_SETTINGS } from './schema/pipeline.js'
import { QUERY_SETTINGS } from './schema/query.js'
import { RECEIVER_SETTINGS } from './schema/receivers.js'
import { SERVICE_SETTINGS } from './schema/service.js'
import { STORE_SETTINGS } from './schema/store.js'
import type { Setting } from './setting.js'

/** Every setting there is, by its name in TypeScript. Defaults, parsing, --help, check-config and the docs come from here. */
export const SETTINGS = {
  ...STORE_SETTINGS,
  ...RECEIVER_SETTINGS,
  ...PIPELINE_SETTINGS,
  ...QUERY_SETTINGS,
  ...BROKER_SETTINGS,
  ...SERVICE_SETTINGS,
}

type Schema = typeof SETTINGS
export type SettingKey = keyof Schema

/** All settings, checked and complete. Units are in the names; ttlSeconds has all 14 tables; hbaseQuorum has ports. */
export type Settings = { readonly [K in SettingKey]: Schema[K] extends Setting<infer T> ? T : never }

export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[]

/** A setting without its type, for code that treats all alike. */
export function settingOf(key: SettingKey): Setting<unknown> {
  return SETTINGS[key]
}
