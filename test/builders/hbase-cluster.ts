import type { Test } from 'tap'
import type { IncrementRow } from '../../src/aggregate/increment-batch.js'
import { table } from '../../src/row/tables.js'
import { HbaseStore } from '../../src/store/hbase/hbase-store.js'
import type { HbaseStoreSettings } from '../../src/store/hbase/settings.js'
import { FakeHbase } from './fake-hbase.js'
import type { TestRow } from './store-rows.js'

const FAST = { retryInitialMs: 1, retryMaxMs: 4, writeTimeoutMs: 20_000, callTimeoutMs: 10_000, stallMs: 120 }
export const SELF = table('ApplicationMapStatisticsSelf_Ver2')
export const TIME = 1_700_000_000_123

/** A cluster with three tables, and a store on it that loses no time. */
export async function cluster(
  t: Test,
  servers = 1,
  settings: Partial<HbaseStoreSettings> = {},
): Promise<[FakeHbase, HbaseStore]> {
  const hbase = await new FakeHbase(servers).start()
  hbase.addTable('Traces', 'g', 'p')
  hbase.addTable('AgentInfo')
  hbase.addTable(SELF.name, 'm')
  const store = new HbaseStore({ quorum: hbase.quorum, ...FAST, ...settings })
  t.teardown(async () => {
    await store.close()
    await hbase.stop()
  })
  return [hbase, store]
}

export const trace = (key: string, value = 'v'): TestRow => ({ table: 'Traces', key, cells: [[0, 'q', value]] })
export const KEYS = ['a', 'b', 'g', 'h', 'p', 'z']
export const count = (key: string, delta: number): IncrementRow => ({
  table: SELF.id,
  key: Buffer.from(key),
  columns: [{ qualifier: Buffer.from('q'), delta }],
  time: 0,
})
export const counter = (hbase: FakeHbase, key: string): string | bigint | undefined =>
  hbase.cells.get(`${SELF.name} ${key} C:q`)

export function allStored(t: Test, hbase: FakeHbase): void {
  for (const key of KEYS) {
    t.equal(hbase.cells.get(`Traces ${key} S:q`), '76', key)
    t.equal(hbase.timestamps.get(`Traces ${key} S:q`), TIME, `${key}: the accept time`)
  }
}
