import type { Application } from './application.js'
import type { CatalogEntry } from './catalog.js'
import type { AcceptanceOptions } from './options.js'
import type { Order } from './platform.js'
import type { PinpointCredentials } from './vcap-services.js'

/** What the steps leave for those after them. */
export interface Run {
  readonly options: AcceptanceOptions
  /** ms since 1970 */
  readonly began: number
  catalog?: CatalogEntry
  order?: Order
  credentials?: PinpointCredentials
  application?: Application
}

/** A value that an earlier step leaves; throws when that step failed. */
export function left<K extends 'catalog' | 'order' | 'credentials'>(
  run: Run,
  key: K,
  step: string,
): NonNullable<Run[K]> {
  const value = run[key]
  if (value === undefined || value === null) throw new Error(`step ${step} left no ${key}`)
  return value
}
