import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RowBatch } from '../../../src/row/row-batch.js'
import { saltedKey } from '../../../src/row/rowkey.js'
import { table } from '../../../src/row/tables.js'
import { EmbeddedStore } from '../../../src/store/embedded/embedded-store.js'
import { FileLock } from '../../../src/store/embedded/file-lock.js'
import type { RetentionClass } from '../../../src/store/embedded/layout.js'
import type { EmbeddedStoreSettings } from '../../../src/store/embedded/settings.js'
import type { ShelfSettings } from '../../../src/store/embedded/shelf.js'
import { createStore } from '../../../src/store/embedded/store-format.js'
import type { ScanRange, Store, StoredRow } from '../../../src/store/store.js'

/** 2026-11-23T12:00:00Z */
export const T0 = 1795435200000
const MESSAGE = 40
const MESSAGE_BYTES = 16 * 1024 * 1024

export interface CellSpec {
  family?: string
  qualifier: string | Buffer
  value: string | Buffer
}

export interface RowSpec {
  table: string
  /** without its salt */
  key: string | Buffer
  /** accept time, ms */
  time?: number
  cells: CellSpec[]
}

/** A batch of these rows, made as the mappers make it. */
export function batchOf(rows: RowSpec[]): RowBatch {
  const batch = new RowBatch()
  for (const row of rows) {
    const t = table(row.table)
    batch.beginMessage(MESSAGE, row.time ?? T0, MESSAGE_BYTES)
    batch.beginRow(t)
    raw(batch, row.key)
    batch.endKey()
    for (const cell of row.cells) {
      batch.beginCell(cell.family === undefined ? 0 : t.families.indexOf(cell.family))
      raw(batch, cell.qualifier)
      batch.beginValue()
      raw(batch, cell.value)
      batch.endCell()
    }
    batch.endRow()
  }
  return batch
}

function raw(batch: RowBatch, bytes: string | Buffer): void {
  const b = Buffer.from(bytes as string)
  batch.w.raw(b, 0, b.length)
}

/** agentId pad24 + agent start time + sequence: a row of Traces. */
export function traceKey(agent: string, sequence: number): Buffer {
  const key = Buffer.alloc(40)
  key.write(agent)
  key.writeBigInt64BE(1795400000000n, 24)
  key.writeBigInt64BE(BigInt(sequence), 32)
  return key
}

/** application pad24 + reversed time: a row of ApplicationTraceIndex. */
export function indexKey(application: string, time: number): Buffer {
  const key = Buffer.alloc(32)
  key.write(application)
  key.writeBigInt64BE(0x7fffffffffffffffn - BigInt(time), 24)
  return key
}

/** i16 length + name + i16 type + reversed slot: a row of the three counter tables, with its salt. */
export function counterKey(tableName: string, name: string, slot: number): Buffer {
  const key = Buffer.alloc(2 + Buffer.byteLength(name) + 10)
  const at = 2 + key.write(name, 2)
  key.writeInt16BE(at - 2)
  key.writeInt16BE(1010, at)
  key.writeBigInt64BE(0x7fffffffffffffffn - BigInt(slot), at + 2)
  return Buffer.from(saltedKey(table(tableName).salt, key))
}

export function salted(tableName: string, key: Buffer): Buffer {
  return Buffer.from(saltedKey(table(tableName).salt, key))
}

export async function all(store: Store, tableName: string, range?: ScanRange): Promise<StoredRow[]> {
  const rows: StoredRow[] = []
  for await (const row of store.scan(table(tableName), range)) rows.push(row)
  return rows
}

/** A row in one line: cells as family:qualifier=value@timestamp. */
export function line(row: StoredRow): string {
  const cells = row.cells.map((c) => `${c.family}:${c.qualifier.toString()}=${c.value.toString()}@${c.timestamp - T0}`)
  return `${row.key.toString()} ${cells.join(' ')}`
}

/** A clock that stands until it is set. */
export class Clock {
  ms = T0
  readonly now = (): number => this.ms
}

export interface Disposer {
  teardown(work: () => Promise<void> | void): void
}

/** A directory that is removed when the test ends. */
export function scratchDir(t: Disposer): string {
  const dir = mkdtempSync(join(tmpdir(), 'embedded-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A shelf of a new store, with partitions of a day. */
export function shelfSettings(dataDir: string, retention: RetentionClass): ShelfSettings {
  createStore(dataDir)
  const common = { dataDir, hours: 24, ttlMs: 24 * 3600_000, partitionBytes: 1e9, readOnly: false, now: () => T0 }
  return { ...common, retention, lock: new FileLock(dataDir) }
}

/** A store that is closed when the test ends. */
export function openStore(t: Disposer, settings: Partial<EmbeddedStoreSettings> & { dataDir: string }): EmbeddedStore {
  const store = new EmbeddedStore(settings)
  t.teardown(() => store.close())
  return store
}
