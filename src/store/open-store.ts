import { existsSync } from 'node:fs'
import type { Settings } from '../config/settings.js'
import { SettingsError } from '../errors.js'
import type { Logger } from '../log.js'
import { workerCount } from '../worker/count.js'
import type { Store } from './store.js'
import type { StoreFigures } from './store-figures.js'

/** What a process does with the store: read it, write it, or write it and remove what is expired. */
export type StoreMode = 'read' | 'write' | 'maintain'

/** File pages that all workers together may have mapped: they count as memory of the processes. */
const MAPPED_BYTES = 16 * 1024 * 1024
/** What each may have, however many they are: with less, pages would come from the kernel's cache again and again. */
const LEAST_MAPPED_BYTES = 6 * 1024 * 1024

/** File pages that one of so many workers may have mapped. */
export function mappedBytesOfWorker(workers: number): number {
  return Math.max(LEAST_MAPPED_BYTES, MAPPED_BYTES / workers)
}

/** Opens the store that the settings name; its code is loaded only when it is wanted. */
export async function openStore(
  settings: Settings,
  mode: StoreMode,
  log: Logger,
  figures?: StoreFigures,
): Promise<Store> {
  switch (settings.store) {
    case 'embedded': {
      if (mode === 'read' && !existsSync(settings.dataDir)) {
        throw new SettingsError(
          `there is no store at ${settings.dataDir}: give the --data-dir of a collector`,
          'dataDir',
        )
      }
      const { EmbeddedStore } = await import('./embedded/embedded-store.js')
      return EmbeddedStore.open({
        dataDir: settings.dataDir,
        ttlSeconds: settings.ttlSeconds,
        ...(settings.maxSizeBytes === null ? {} : { maxSizeBytes: settings.maxSizeBytes }),
        maxMappedBytes: mappedBytesOfWorker(workerCount(settings)),
        readOnly: mode === 'read',
        maintain: mode === 'maintain',
        log: (level, message, fields) => log[level](fields ?? {}, message),
      })
    }
    case 'hbase': {
      const { HbaseStore } = await import('./hbase/hbase-store.js')
      return new HbaseStore({
        quorum: settings.hbaseQuorum.map((server) => withPort(server, settings.hbasePort)).join(','),
        znodeParent: settings.hbaseZnodeParent,
        ttlSeconds: settings.ttlSeconds,
        splitTables: settings.hbaseSplits === 'schema',
        callTimeoutMs: settings.hbaseRpcTimeoutMs,
        ...(figures === undefined ? {} : { metrics: figures }),
        log: (level, message, fields) => log[level](fields ?? {}, message),
      })
    }
    case 'null': {
      const { NullStore } = await import('./null.js')
      return new NullStore()
    }
  }
}

function withPort(server: string, port: number): string {
  return /:\d+$/.test(server) && !server.endsWith(']') ? server : `${server}:${port}`
}
