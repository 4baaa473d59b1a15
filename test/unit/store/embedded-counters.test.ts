import t from 'tap'
import { table } from '../../../src/row/tables.js'
import { NextKey } from '../../../src/store/embedded/fragment-key.js'
import { LAYOUTS } from '../../../src/store/embedded/layout.js'
import { addCounters } from '../../../src/store/embedded/row-writing.js'
import { Shelf } from '../../../src/store/embedded/shelf.js'
import { all, Clock, counterKey, openStore, scratchDir, shelfSettings, T0 } from './rows.js'

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

t.test('a batch of counters that fails is not counted in part', async (t) => {
  const shelf = new Shelf(shelfSettings(scratchDir(t), 'stats'))
  t.teardown(() => shelf.close())
  const name = 'ApplicationMapStatisticsSelf_Ver2'
  const id = table(name).id
  const key = counterKey(name, 'A', T0)
  const counters = new NextKey()
  const keyOf = (qualifier: string): Buffer => {
    counters.counter(LAYOUTS[id], key, Buffer.from(qualifier))
    const bytes = Buffer.alloc(200)
    return bytes.subarray(0, counters.write(bytes, 0))
  }
  const add = (qualifiers: string[]): Promise<boolean> => {
    const columns = qualifiers.map((qualifier) => ({ qualifier: Buffer.from(qualifier), delta: 1 }))
    return shelf.current().update((db) => addCounters(db, [{ table: id, key, columns, time: T0 }], [0], counters, T0))
  }
  t.ok(await add(['x', 'y']))
  await shelf.current().write((db) => void db.put(keyOf('damaged'), Buffer.alloc(5), T0))
  await t.rejects(add(['x', 'y', 'damaged']), { name: 'StoreError' })
  t.ok(await add(['y']))
  const snapshot = (await shelf.current().snapshot())!
  const value = (qualifier: string): bigint | undefined => snapshot.db.getBinary(keyOf(qualifier))?.readBigInt64BE()
  t.same([value('x'), value('y')], [1n, 2n])
  snapshot.end()
})
