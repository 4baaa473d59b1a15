import { getJson } from './get-json.js'

/** Settings of the collector by name, as its debug page tells them. */
export async function getSettings(signal?: AbortSignal): Promise<Map<string, string>> {
  const { settings } = await getJson<{ settings: { name: string; value: string }[] }>('debug/config', {}, signal)
  return new Map(settings.map(({ name, value }) => [name, value]))
}
