import { SettingsError } from '../errors.js'
import { findTable, TABLES, type Table } from '../row/tables.js'
import type { StoredCell } from '../store/store.js'
import { EXIT_OK } from './io.js'
import type { Work } from './run-command.js'
import { TextOutput } from './text-output.js'

// line => table row family qualifier [timestamp] value          one line a cell, one space between
//
// row, qualifier and value in hex, "-" when empty; lines sorted by table name, row, family, qualifier
// (stores scan rows in the order of their keys, and give cells sorted)

export interface DumpOptions {
  /** tables wanted; all when empty */
  tables: readonly string[]
  /** with the timestamp of the cell before its value */
  timestamps: boolean
}

/** Prints every cell of the store. */
export function dump(options: DumpOptions): Work {
  return async (io, settings, log) => {
    const tables = sortedTables(options.tables)
    const store = await io.openStore(settings, 'read', log)
    try {
      const output = new TextOutput(io.stdout)
      for (const table of tables) {
        for await (const { key, cells } of store.scan(table)) {
          const start = `${table.name} ${hex(key)}`
          for (const cell of cells) {
            if (output.line(cellLine(start, cell, options.timestamps))) await output.flush()
          }
          if (output.closed) break
        }
        if (output.closed) break
      }
      await output.flush()
      return EXIT_OK
    } finally {
      await store.close()
    }
  }
}

function cellLine(start: string, cell: StoredCell, timestamps: boolean): string {
  const time = timestamps ? `${cell.timestamp} ` : ''
  return `${start} ${cell.family} ${hex(cell.qualifier)} ${time}${hex(cell.value)}`
}

function hex(bytes: Buffer): string {
  return bytes.length === 0 ? '-' : bytes.toString('hex')
}

function sortedTables(names: readonly string[]): Table[] {
  const wanted = names.length === 0 ? [...TABLES] : [...new Set(names)].map(tableNamed)
  return wanted.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function tableNamed(name: string): Table {
  const table = findTable(name)
  if (table !== undefined) return table
  throw new SettingsError(`there is no table "${name}"; allowed: ${TABLES.map((t) => t.name).join(', ')}`, 'table')
}
