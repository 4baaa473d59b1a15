import { getServerTime } from '../api/server-time.js'

// Ranges are of the server's clock, which stamps what agents send. The browser's may be minutes off.

let aheadMs = 0

/** The server's time, as known from its last answer. */
export function serverNow(): number {
  return Date.now() + aheadMs
}

export function learnServerTime(currentServerTime: number): void {
  if (Number.isFinite(currentServerTime)) aheadMs = currentServerTime - Date.now()
}

/** Asks once; without an answer the browser's clock stays in use, and the requests that follow report the trouble. */
export async function askServerTime(): Promise<void> {
  await getServerTime().then(learnServerTime, () => undefined)
}
