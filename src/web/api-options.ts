import type { Settings } from '../config/settings.js'
import type { ApiOptions } from '../http/api/route.js'
import type { Store } from '../store/store.js'

/** What the settings say of the read API. */
export function apiOptions(settings: Settings, store: Store): ApiOptions {
  return {
    store,
    limits: {
      rangeMs: settings.queryMaxRangeMs,
      points: settings.queryMaxPoints,
      transactions: settings.queryMaxTransactions,
      rows: settings.queryMaxRows,
      bytes: settings.queryMaxBytes,
    },
    maxRunning: settings.queryMaxRunning,
    now: Date.now,
  }
}
