import type { StoreError } from '../../errors.js'
import type { StoreHealth } from '../store.js'
import { diskFreeBytes, type Retention } from './retention.js'
import type { EmbeddedStoreSettings } from './settings.js'
import type { Shelf } from './shelf.js'

/** Sizes, ages and troubles of the store. */
export function embeddedHealth(
  settings: EmbeddedStoreSettings,
  shelves: Shelf[],
  retention: Retention,
  lastError: StoreError | undefined,
): StoreHealth {
  const classes = Object.fromEntries(
    shelves.map((shelf) => {
      const files = shelf.files()
      const bytes = files.reduce((n, f) => n + f.bytes, 0)
      const oldest = files.length === 0 ? null : new Date(files[0].name.start).toISOString()
      return [shelf.settings.retention, { partitions: files.length, bytes, oldest, periodHours: shelf.settings.hours }]
    }),
  )
  const bytes = Object.values(classes).reduce((n, c) => n + c.bytes, 0)
  const reason = retention.full() ?? lastError?.message
  return {
    ok: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    details: {
      dataDir: settings.dataDir,
      bytes,
      maxSizeBytes: settings.maxSizeBytes ?? null,
      diskFreeBytes: diskFreeBytes(settings.dataDir) ?? null,
      classes,
      removed: retention.removed,
    },
  }
}
