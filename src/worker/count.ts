import { availableParallelism } from 'node:os'
import type { Settings } from '../config/settings.js'

/**
 * Workers of this collector. Unless told otherwise one for each core but one, which the kernel, the store's threads and
 * the sockets keep busy: a further worker adds less than it costs (docs/performance.md).
 */
export function workerCount(settings: Pick<Settings, 'workers'>): number {
  return settings.workers === 'auto' ? Math.max(1, availableParallelism() - 1) : settings.workers
}
