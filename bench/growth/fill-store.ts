import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { RowBatch } from '../../src/row/row-batch.js'
import { table } from '../../src/row/tables.js'
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js'
import { identity } from '../agent/identity.js'
import { readMix } from '../agent/mix.js'
import { patch, templateOf } from '../agent/template.js'
import { tracesToSend } from '../agent/traces.js'
import { FIRST_SEQUENCE } from '../agent/varint.js'
import { RowMapper } from '../cases/row-mapper.js'

/** Tables that live as long as one wants; the others live 60 days anyway. */
export const TRACE_TABLES = ['Traces', 'ApplicationTraceIndex'] as const
const DAY_MS = 86_400_000
const BATCH_BYTES = 1 << 20
const AGENTS = 100
const GETS = 300

export interface Filled {
  datagrams: number
  diskBytes: number
  files: number
  /** us to get a trace of the first day, of the last day */
  oldestGetUs: number
  newestGetUs: number
}

/** Writes so many days of traces, ending now, as a collector would have written them at their time. */
export async function fillStore(dataDir: string, days: number, ttlDays: number, tracesADay: number): Promise<Filled> {
  const end = Date.now()
  let now = end - days * DAY_MS
  const store = await EmbeddedStore.open({
    dataDir,
    ttlSeconds: Object.fromEntries(TRACE_TABLES.map((name) => [name, (ttlDays * DAY_MS) / 1000])),
    now: () => now,
  })
  await store.ensureTables()
  const mapper = new RowMapper()
  const { batch, counters } = mapper
  const round = tracesToSend(readMix()).map((trace) => trace.map(templateOf))
  const agents = Array.from({ length: AGENTS }, (_, n) => identity(n, now))
  const keys: Buffer[] = []
  let datagrams = 0
  const write = async (): Promise<void> => {
    await store.put(batch)
    await store.increment(counters.take())
    batch.reset()
  }
  const traces = days * tracesADay
  for (let n = 0; n < traces; n++) {
    now = end - days * DAY_MS + Math.floor((n / traces) * days * DAY_MS)
    for (const template of round[n % round.length]) {
      patch(template, agents[n % AGENTS], FIRST_SEQUENCE + n, now)
      mapper.map(template.bytes, now)
      datagrams++
    }
    if (n < GETS || n >= traces - GETS) keys.push(lastTraceKey(batch))
    if (batch.bytes >= BATCH_BYTES) await write()
  }
  if (batch.rowCount > 0) await write()
  const oldestGetUs = await getUs(store, keys.slice(0, GETS))
  const newestGetUs = await getUs(store, keys.slice(-GETS))
  await store.close()
  return { datagrams, ...diskOf(dataDir), oldestGetUs, newestGetUs }
}

function lastTraceKey(batch: RowBatch): Buffer {
  return batch.plain().findLast((row) => row.table === 'Traces')!.key
}

async function getUs(store: EmbeddedStore, keys: readonly Buffer[]): Promise<number> {
  const began = performance.now()
  for (const key of keys)
    if ((await store.get(table('Traces'), key)) === undefined) throw new Error('a trace is missing')
  return ((performance.now() - began) * 1000) / keys.length
}

function diskOf(dataDir: string): { diskBytes: number; files: number } {
  const files = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.mdb'))
  return { diskBytes: files.reduce((sum, name) => sum + statSync(join(dataDir, name)).size, 0), files: files.length }
}
