import { getJson } from './get-json.js'

/** Where agents reach the collector that serves the page. */
export interface Listening {
  hostName: string
  tcp: number
  stat: number
  span: number
}

export interface Configuration {
  /** null: this process only reads, agents connect to another one */
  listening: Listening | null
  /** values by name */
  settings: ReadonlyMap<string, string>
}

/** Ports and settings, as the debug page tells them. */
export async function getConfiguration(signal?: AbortSignal): Promise<Configuration> {
  const { listening, settings } = await getJson<{
    listening: Listening | null
    settings: { name: string; value: string }[]
  }>('debug/config', {}, signal)
  return { listening, settings: new Map(settings.map(({ name, value }) => [name, value])) }
}
