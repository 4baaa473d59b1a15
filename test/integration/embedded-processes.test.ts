import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { table } from '../../src/row/tables.js'
import { all, counterKey, openStore, salted, scratchDir, T0, traceKey } from '../unit/store/rows.js'
import { BATCH_ROWS, COUNTER_TABLE } from './embedded-child.js'

const CHILD = fileURLToPath(new URL('./embedded-child.js', import.meta.url))
const FOREVER = '1000000'

function child(...args: string[]): ChildProcess {
  return spawn(process.execPath, [CHILD, ...args], { stdio: ['pipe', 'pipe', 'inherit'], env: {} })
}

async function output(c: ChildProcess): Promise<string[]> {
  const lines: string[] = []
  for await (const line of createInterface({ input: c.stdout! })) lines.push(line)
  return lines
}

t.test('kill -9 at any moment loses nothing that was acknowledged', async (t) => {
  const dataDir = scratchDir(t)
  const acknowledged = new Map<string, number>()
  const rounds = 20
  let batches = 0
  for (let i = 0; i < rounds; i++) {
    const name = `writer-${i % 2}`
    const from = acknowledged.get(name) ?? 0
    const c = child('write', dataDir, name, FOREVER, String(from))
    let seen = 0
    let last = from
    for await (const line of createInterface({ input: c.stdout! })) {
      last = Number(line.split(' ')[1])
      batches++
      // in the middle of whatever it does after its i-th answer
      if (++seen === 1 + (i % 7)) c.kill('SIGKILL')
    }
    acknowledged.set(name, last)
  }
  const store = openStore(t, { dataDir })
  let missing = 0
  let total = 0
  for (const [name, end] of acknowledged) {
    for (let id = 0; id < end; id++) {
      const row = await store.get(table('Traces'), salted('Traces', traceKey(name, id)))
      if (row?.cells[0].value.length !== 100 + ((id * 37) % 4000)) missing++
      total++
    }
  }
  t.equal(missing, 0, `of ${total} rows`)
  const rows = await all(store, 'Traces')
  t.ok(rows.length >= total)
  const counters = await all(store, COUNTER_TABLE)
  const counted = counters.reduce((n, r) => n + Number(r.cells[0].value.readBigInt64BE()), 0)
  t.ok(counted >= batches && counted <= batches + rounds * 2, `${counted} counted, ${batches} acknowledged`)
})

t.test('counters of two processes add up exactly', async (t) => {
  const dataDir = scratchDir(t)
  const rounds = 300
  const children = ['one', 'two'].map((name) => child('count', dataDir, name, String(rounds)))
  t.same(await Promise.all(children.map(output)), [['done'], ['done']])
  const store = openStore(t, { dataDir, readOnly: true })
  const row = await store.get(table(COUNTER_TABLE), counterKey(COUNTER_TABLE, 'shared', T0))
  t.same(
    row?.cells.map((c) => [c.qualifier.toString(), Number(c.value.readBigInt64BE())]),
    [
      ['both', 2 * rounds],
      ['one', rounds],
      ['two', rounds],
    ],
  )
})

t.test('processes write at the same time while another reads, one of them is killed', async (t) => {
  const dataDir = scratchDir(t)
  const reader = child('read', dataDir)
  const answers = createInterface({ input: reader.stdout! })[Symbol.asyncIterator]()
  const rowsSeen = async (): Promise<number> => {
    reader.stdin!.write('\n')
    return Number((await answers.next()).value)
  }
  t.equal(await rowsSeen(), 0, 'before anything was written')
  const rounds = 120
  const victim = child('write', dataDir, 'victim', FOREVER)
  const writers = ['a', 'b'].map((name) => child('write', dataDir, name, String(rounds)))
  const results = Promise.all(writers.map(output))
  let acknowledged = 0
  for await (const _ of createInterface({ input: victim.stdout! })) if (++acknowledged === 10) victim.kill('SIGKILL')
  const during = await rowsSeen()
  t.ok(during >= acknowledged * BATCH_ROWS, `${during} rows`)
  t.same(
    (await results).map((lines) => lines.length),
    [rounds, rounds],
  )
  const total = await rowsSeen()
  const least = (2 * rounds + acknowledged) * BATCH_ROWS
  t.ok(total >= least && total % BATCH_ROWS === 0, `${total} rows, ${least} acknowledged`)
  reader.stdin!.end()
  await once(reader, 'exit')
})
