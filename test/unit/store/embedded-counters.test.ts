import t from 'tap'
import { table } from '../../../src/row/tables.js'
import { all, Clock, counterKey, openStore, scratchDir, T0 } from './rows.js'

t.test('counters add up over batches and partitions', async (t) => {
  const clock = new Clock()
  const store = openStore(t, { dataDir: scratchDir(t), now: clock.now })
  const name = 'ApplicationMapStatisticsSelf_Ver2'
  const id = table(name).id
  const keys = ['A', 'AB', 'a-long-application-name', '서비스'].map((n) => counterKey(name, n, T0))
  for (let i = 1; i <= 3; i++) {
    const columns = [
      { qualifier: Buffer.from('x'), delta: i },
      { qualifier: Buffer.from('xy'), delta: 2 ** 40 },
    ]
    t.same(await store.increment(keys.map((key) => ({ table: id, key, columns, time: T0 }))), [])
    clock.ms += 8 * 86400_000
  }
  clock.ms = T0 + 17 * 86400_000
  const rows = await all(store, name)
  t.strictSame(
    rows.map((r) => r.key.toString('hex')),
    keys.sort((a, b) => a.compare(b)).map((k) => k.toString('hex')),
  )
  for (const row of rows) {
    t.same(
      row.cells.map((c) => c.qualifier.toString()),
      ['x', 'xy'],
    )
    t.same(
      row.cells.map((c) => c.value.readBigInt64BE()),
      [6n, 3n * 2n ** 40n],
    )
  }
  t.same((await store.get(table(name), keys[1]))?.cells.length, 2)
})
