// Question: what does one row cost this process to write to HBase, without HBase's own share?
//
//   node dist/bench/cases/hbase-put.bench.js                 against a stub that acknowledges everything
//   QUORUM=127.0.0.1:2181 node dist/bench/cases/hbase-put.bench.js      against a real one (tables are made)
//
// A message is a span with 18 cells of 16 + 70 bytes and a row of the scatter index: 1.8 kB, 2 rows, 19 cells.
import { type ChildProcess, fork } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { RowBatch } from '../../src/row/row-batch.js'
import { table } from '../../src/row/tables.js'
import { HbaseStore } from '../../src/store/hbase/hbase-store.js'
import { FakeHbase } from '../../test/builders/fake-hbase.js'
import { decode, encode, type MultiRequest } from '../../test/builders/hbase-proto.js'

const MESSAGES = Number(process.env.MESSAGES ?? 40_000)
const SIZES = (process.env.BATCHES ?? '100,500,1000,2000').split(',').map(Number)
const WARM_UP = 0.3
const THIS_FILE = fileURLToPath(import.meta.url)

const repeat = (batch: RowBatch, byte: number, count: number): void => {
  for (let i = 0; i < count; i++) batch.w.i8(byte + i)
}

function fill(batch: RowBatch, messages: number): void {
  batch.reset()
  for (let m = 0; m < messages; m++) {
    batch.beginMessage(40, Date.now(), 1 << 20)
    batch.beginRow(table('Traces'))
    repeat(batch, 0, 36)
    batch.w.i32(m)
    batch.endKey()
    for (let c = 0; c < 18; c++) {
      batch.beginCell(c % 3)
      repeat(batch, c, 16)
      batch.beginValue()
      repeat(batch, c, 70)
      batch.endCell()
    }
    batch.endRow()
    batch.beginRow(table('ApplicationTraceIndex'))
    repeat(batch, 0, 28)
    batch.w.i32(m)
    batch.endKey()
    batch.beginCell(0)
    repeat(batch, 0, 20)
    batch.beginValue()
    repeat(batch, 0, 30)
    batch.endCell()
    batch.endRow()
  }
}

/** In a process of its own, so that its time is not counted. */
async function stub(): Promise<void> {
  const hbase = await new FakeHbase().start()
  const splits = (n: number): string[] => Array.from({ length: n - 1 }, (_, i) => `${String.fromCharCode(i + 1)}`)
  hbase.addTable('Traces', ...splits(64))
  hbase.addTable('ApplicationTraceIndex', ...splits(16))
  hbase.onCall = ({ method, param }) => {
    if (method !== 'Multi') return undefined
    const { regionAction } = decode<MultiRequest>('MultiRequest', param)
    const regionActionResult = regionAction.map(({ action }) => ({
      resultOrException: action.map(({ index }) => ({ index, result: {} })),
    }))
    return { param: encode('MultiResponse', { regionActionResult }) }
  }
  process.send?.(hbase.quorum)
}

async function main(): Promise<void> {
  let quorum = process.env.QUORUM
  let child: ChildProcess | undefined
  if (quorum === undefined) {
    child = fork(THIS_FILE, ['stub'])
    quorum = await new Promise<string>((resolve) => child?.once('message', (m) => resolve(String(m))))
  }
  const store = new HbaseStore({ quorum })
  if (child === undefined) await store.ensureTables()
  const batch = new RowBatch()
  console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, ${process.env.QUORUM ?? 'stub'}`)
  console.log('messages a batch | CPU us a message | CPU us a row | messages/s')
  for (const size of SIZES) {
    fill(batch, size)
    const rounds = Math.ceil(MESSAGES / size)
    for (let i = 0; i < rounds * WARM_UP; i++) await store.put(batch)
    const cpu = process.cpuUsage()
    const started = performance.now()
    for (let i = 0; i < rounds; i++) await store.put(batch)
    const { user, system } = process.cpuUsage(cpu)
    const us = (user + system) / (rounds * size)
    const rate = Math.round((rounds * size * 1000) / (performance.now() - started))
    console.log(`${size} | ${us.toFixed(1)} | ${(us / 2).toFixed(1)} | ${rate}`)
  }
  await store.close()
  child?.kill()
}

await (process.argv[2] === 'stub' ? stub() : main())
