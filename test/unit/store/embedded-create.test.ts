import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { all, batchOf, openStore, scratchDir } from './rows.js'

t.test('ensureTables tells each step, and nothing when all is there', async (t) => {
  const dataDir = join(scratchDir(t), 'new')
  const store = openStore(t, { dataDir })
  t.notOk(existsSync(dataDir), 'opening makes nothing')
  const steps: string[] = []
  await store.ensureTables((step) => {
    if (steps.push(step) === 1) t.notOk(existsSync(dataDir), 'told before it is done')
  })
  t.same(steps, [
    `make directory ${dataDir}`,
    ...['traces', 'stats', 'meta'].map((c) => `make directory ${join(dataDir, c)}`),
    `write ${join(dataDir, 'format.json')}`,
  ])
  t.ok(existsSync(join(dataDir, 'format.json')))
  await store.ensureTables(() => t.fail('nothing was missing'))
  await openStore(t, { dataDir }).ensureTables(() => t.fail('nothing was missing'))
})

t.test('the first write makes what is missing', async (t) => {
  const dataDir = join(scratchDir(t), 'new')
  const store = openStore(t, { dataDir, maintain: true })
  store.maintain()
  t.ok((await store.health()).ok)
  await store.put(batchOf([{ table: 'AgentInfo', key: 'a', cells: [{ qualifier: 'i', value: 'v' }] }]))
  t.equal((await all(store, 'AgentInfo')).length, 1)
  t.ok(existsSync(join(dataDir, 'format.json')))
})
