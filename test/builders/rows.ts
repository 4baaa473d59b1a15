import { readFileSync } from 'node:fs'
import type { IncrementBatch } from '../../src/aggregate/increment-batch.js'
import type { PlainRow } from '../../src/row/row-batch.js'
import { TABLES } from '../../src/row/tables.js'

// Rows as text, one line a cell, in the form of test/wire/storage-appendix-a.txt:
//   operation  table  row key  family:qualifier  time of the cell  value          (hex; L: the time of writing, -: empty)

const WIRE = new URL('../../../test/wire/', import.meta.url)
const SHORT_NAMES: Record<string, string> = {
  ApplicationMapStatisticsCallee_Ver2: 'Callee_Ver2',
  ApplicationMapStatisticsCaller_Ver2: 'Caller_Ver2',
  ApplicationMapStatisticsSelf_Ver2: 'Self_Ver2',
}

/** Bytes written as hex with blanks wherever they help the reader. */
export function bytes(hex: string): Buffer {
  return Buffer.from(hex.replace(/\s/g, ''), 'hex')
}

/** pad24, as hex; by itself it shares nothing with src/row. */
export function pad24(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(48, '0')
}

/** i64, as hex */
export function long(v: number | bigint): string {
  return BigInt.asUintN(64, BigInt(v)).toString(16).padStart(16, '0')
}

/** rev64, as hex */
export function rev(v: number | bigint): string {
  return long(2n ** 63n - 1n - BigInt(v))
}

/** Every cell of these rows. */
export function cellLines(rows: readonly PlainRow[]): string[] {
  return rows.flatMap((row) => {
    const t = TABLES.find((t) => t.name === row.table)!
    return row.cells.map((cell) => {
      const time = t.acceptTime[t.families.indexOf(cell.family)] ? row.time : 'L'
      const column = `${cell.family}:${cell.qualifier.toString('hex')}`
      return `PUT ${t.name} ${row.key.toString('hex')} ${column} ${time} ${cell.value.toString('hex') || '-'}`
    })
  })
}

/** Every counter of these rows. */
export function incrementLines(batch: IncrementBatch): string[] {
  return batch.flatMap((row) => {
    const { name, families } = TABLES[row.table]
    const head = `INC ${SHORT_NAMES[name]} ${row.key.toString('hex')}`
    return row.columns.map((c) => `${head} ${families[0]}:${c.qualifier.toString('hex')} L ${long(c.delta)}`)
  })
}

/** Lines of storage-appendix-a.txt by the words that their heading begins with. */
export function golden(heading: string): string[] {
  const text = readFileSync(new URL('storage-appendix-a.txt', WIRE), 'utf8')
  const section = text.split(/^# /m).find((s) => s.startsWith(heading))
  if (section === undefined) throw new Error(`no section of the listing begins with ${heading}`)
  return section
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
}

/** Value of the only cell that a column has in these rows. */
export function cellValue(rows: readonly PlainRow[], tableName: string, family: string, qualifier?: string): string {
  const cells = rows.filter((r) => r.table === tableName).flatMap((r) => r.cells)
  const found = cells.filter(
    (c) =>
      c.family === family && (qualifier === undefined || c.qualifier.toString('hex') === qualifier.replace(/\s/g, '')),
  )
  if (found.length !== 1) throw new Error(`${found.length} cells ${tableName} ${family}:${qualifier ?? '*'}`)
  return found[0].value.toString('hex')
}

/** Which tables have rows, one name a row. */
export function tablesOf(rows: readonly PlainRow[]): string[] {
  return rows.map((r) => r.table)
}
