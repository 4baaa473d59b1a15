import { table } from '../../src/row/tables.js'
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js'
import { batchOf, counterKey, T0, traceKey } from '../unit/store/rows.js'

// A process beside the test: embedded-child.js <what> <dataDir> <name> <rounds>
//   write    puts batches until it is killed (or `rounds` are done); prints "<first> <end>" after each acknowledged one
//   count    adds 1 to two counters, `rounds` times; prints "done"
//   read     reads once a line comes on stdin; prints the number of rows

export const COUNTER_TABLE = 'ApplicationMapStatisticsSelf_Ver2'
export const BATCH_ROWS = 50

/** Rows of different sizes, so that some are in pages and some have pages of their own. */
export function childRows(name: string, first: number): Parameters<typeof batchOf>[0] {
  return Array.from({ length: BATCH_ROWS }, (_, i) => ({
    table: 'Traces',
    key: traceKey(name, first + i),
    cells: [{ family: 'S', qualifier: 'q', value: Buffer.alloc(100 + (((first + i) * 37) % 4000), 'v') }],
  }))
}

async function write(store: EmbeddedStore, name: string, rounds: number): Promise<void> {
  const from = Number(process.argv[6] ?? 0)
  for (let round = 0; round < rounds; round++) {
    const first = from + round * BATCH_ROWS
    const rows = batchOf(childRows(name, first))
    const counts = [
      { table: table(COUNTER_TABLE).id, key: counterKey(COUNTER_TABLE, name, T0), columns: one('batches'), time: T0 },
    ]
    await Promise.all([store.put(rows), store.increment(counts)])
    process.stdout.write(`${first} ${first + BATCH_ROWS}\n`)
  }
}

function one(qualifier: string): { qualifier: Buffer; delta: number }[] {
  return [{ qualifier: Buffer.from(qualifier), delta: 1 }]
}

async function count(store: EmbeddedStore, name: string, rounds: number): Promise<void> {
  const key = counterKey(COUNTER_TABLE, 'shared', T0)
  for (let i = 0; i < rounds; i++)
    await store.increment([{ table: table(COUNTER_TABLE).id, key, columns: [...one('both'), ...one(name)], time: T0 }])
  process.stdout.write('done\n')
}

async function read(store: EmbeddedStore): Promise<void> {
  for await (const _ of process.stdin) {
    let rows = 0
    for await (const _ of store.scan(table('Traces'))) rows++
    process.stdout.write(`${rows}\n`)
  }
}

const [, , what, dataDir, name, rounds] = process.argv
if (what !== undefined && dataDir !== undefined) {
  const store = new EmbeddedStore({ dataDir, readOnly: what === 'read', maxMappedBytes: 2 * 1024 * 1024 })
  if (what === 'write') await write(store, name, Number(rounds))
  else if (what === 'count') await count(store, name, Number(rounds))
  else await read(store)
  await store.close()
}
