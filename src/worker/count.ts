import { availableParallelism } from 'node:os'
import type { Settings } from '../config/settings.js'

/** Workers of this collector: one for each core unless told otherwise. */
export function workerCount(settings: Pick<Settings, 'workers'>): number {
  return settings.workers === 'auto' ? availableParallelism() : settings.workers
}
