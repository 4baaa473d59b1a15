import { readFileSync } from 'node:fs'

/** How the one-byte prefix of a row key is computed (spec: storage.md §1.2). */
export interface Salt {
  hash: 'whole' | 'range'
  /** range only: key bytes 0..end are hashed */
  end: number
  buckets: number
}

/** One of the 14 tables, as idl/tables.json describes it. */
export interface Table {
  /** position in TABLES; what a RowBatch stores instead of the name */
  id: number
  name: string
  families: string[]
  /** seconds */
  ttl: number
  splits: number
  step: number
  salt: Salt | null
  kind: 'put' | 'increment'
  /** by family index: the cells carry the accept time; otherwise the time of writing */
  acceptTime: boolean[]
}

interface TableJson extends Omit<Table, 'id' | 'acceptTime'> {
  acceptTime: string[]
}

function load(): Table[] {
  // dist/src/row/tables.js → the package root
  const file = new URL('../../../idl/tables.json', import.meta.url)
  const json = JSON.parse(readFileSync(file, 'utf8')) as { tables: TableJson[] }
  return json.tables.map((t, id) => ({ ...t, id, acceptTime: t.families.map((f) => t.acceptTime.includes(f)) }))
}

/** All tables; a table's `id` is its index here. */
export const TABLES: readonly Table[] = load()

const byName = new Map(TABLES.map((t) => [t.name, t]))

/** The table of that name; throws when there is none (a programming error). */
export function table(name: string): Table {
  const found = byName.get(name)
  if (!found) throw new Error(`no such table: ${name}; the 14 tables are ${[...byName.keys()].join(', ')}`)
  return found
}

/** The table of that name, or undefined: for names that come from outside. */
export function findTable(name: string): Table | undefined {
  return byName.get(name)
}
