import type { Table } from '../row/tables.js'
import type { Refusal, Store, StoredRow, StoreHealth } from './store.js'

/** Acknowledges everything and forgets it: to measure all that is before the store. */
export class NullStore implements Store {
  readonly kind = 'null'

  async put(): Promise<Refusal[]> {
    return []
  }

  async increment(): Promise<Refusal[]> {
    return []
  }

  async get(): Promise<StoredRow | undefined> {
    return undefined
  }

  async getAll(_table: Table, keys: readonly Uint8Array[]): Promise<(StoredRow | undefined)[]> {
    return keys.map(() => undefined)
  }

  async *scan(): AsyncGenerator<StoredRow> {}

  async *scanUnsalted(): AsyncGenerator<StoredRow[]> {}

  async ensureTables(): Promise<void> {}

  async health(): Promise<StoreHealth> {
    return { ok: true }
  }

  async close(): Promise<void> {}
}
