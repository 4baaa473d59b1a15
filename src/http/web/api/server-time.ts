import { getJson } from './get-json.js'

export async function getServerTime(signal?: AbortSignal): Promise<number> {
  return (await getJson<{ currentServerTime: number }>('serverTime.pinpoint', {}, signal)).currentServerTime
}
