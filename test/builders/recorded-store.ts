import type { Table } from '../../src/row/tables.js'
import type { Store, StoredRow, UnsaltedRange } from '../../src/store/store.js'

/** A store that remembers what was read of it. */
export interface RecordedStore extends Store {
  /** every row that was read, with all its cells, in the order of keys */
  rows(table: Table): StoredRow[]
}

/** Rows are remembered whole, whatever families were asked for. */
export function recordedStore(store: Store): RecordedStore {
  const tables = new Map<string, Map<string, StoredRow>>()
  const remember = (table: Table, row: StoredRow | undefined): void => {
    if (row === undefined) return
    const rows = tables.get(table.name) ?? new Map<string, StoredRow>()
    tables.set(table.name, rows)
    const key = row.key.toString('hex')
    const cells = new Map(
      rows.get(key)?.cells.map((cell) => [`${cell.family} ${cell.qualifier.toString('hex')}`, cell]),
    )
    for (const cell of row.cells) cells.set(`${cell.family} ${cell.qualifier.toString('hex')}`, cell)
    rows.set(key, { key: row.key, cells: [...cells.values()] })
  }
  return {
    kind: store.kind,
    put: (batch) => store.put(batch),
    increment: (batch, id) => store.increment(batch, id),
    ensureTables: (progress) => store.ensureTables(progress),
    health: () => store.health(),
    close: () => store.close(),
    async get(table, key) {
      const row = await store.get(table, key)
      remember(table, row)
      return row
    },
    async getAll(table, keys, options) {
      const rows = await store.getAll(table, keys, options)
      for (const row of rows) remember(table, row)
      return rows
    },
    async *scan(table, range) {
      for await (const row of store.scan(table, range)) {
        remember(table, row)
        yield row
      }
    },
    async *scanUnsalted(table: Table, range: UnsaltedRange) {
      for await (const rows of store.scanUnsalted(table, range)) {
        for (const row of rows) remember(table, row)
        yield rows
      }
    },
    rows: (table) => [...(tables.get(table.name) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
  }
}
