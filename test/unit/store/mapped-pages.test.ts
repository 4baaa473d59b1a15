import t from 'tap'
import { MappedPages, type ProcessMemory, processMemory } from '../../../src/store/embedded/mapped-pages.js'
import { mappedBytesOfWorker } from '../../../src/store/open-store.js'
import { all, batchOf, openStore, type RowSpec, scratchDir, traceKey } from './rows.js'

const MB = 1024 * 1024
const LOOK = 500

/** Mapped pages as a test sets them. */
class Memory implements ProcessMemory {
  code = 40 * MB
  store = 0
  givenBack = 0
  unreadable = false
  readonly fileBytes = (): number => {
    if (this.unreadable) throw new Error('EMFILE: too many open files')
    return this.code + this.store
  }
  readonly giveBack = (): void => {
    this.givenBack++
    this.store = 0
  }
}

t.test('pages are given back when there are more than the limit', async (t) => {
  const memory = new Memory()
  const mapped = new MappedPages(4 * MB, memory)
  memory.store = 4 * MB
  for (let i = 0; i < 100; i++) mapped.touched(LOOK)
  t.equal(memory.givenBack, 0)
  memory.store += 1
  mapped.touched(LOOK - 1)
  t.equal(memory.givenBack, 0, 'the figure is looked at every 500 rows')
  mapped.touched(1)
  t.equal(memory.givenBack, 1)
  mapped.touched(LOOK)
  t.equal(memory.givenBack, 1)
})

t.test('pages of code that were touched since do not count twice', async (t) => {
  const memory = new Memory()
  const mapped = new MappedPages(4 * MB, memory)
  memory.code += 20 * MB
  mapped.touched(LOOK)
  t.equal(memory.givenBack, 1, 'they are taken for ours once')
  memory.store = 4 * MB
  mapped.touched(LOOK)
  t.equal(memory.givenBack, 1)
})

t.test('pages of code that went do not make room for more of the store', async (t) => {
  const memory = new Memory()
  const mapped = new MappedPages(4 * MB, memory)
  memory.code -= 30 * MB
  mapped.touched(LOOK)
  memory.store = 5 * MB
  mapped.touched(LOOK)
  t.equal(memory.givenBack, 1)
})

t.test('rows are stored although the figure cannot be read, and the next look is as any', async (t) => {
  const memory = new Memory()
  const mapped = new MappedPages(4 * MB, memory)
  memory.store = 5 * MB
  memory.unreadable = true
  mapped.touched(LOOK)
  t.equal(memory.givenBack, 0)
  memory.unreadable = false
  mapped.touched(LOOK)
  t.equal(memory.givenBack, 1)
})

t.test('where pages cannot be given back nothing is looked at', async () => {
  new MappedPages(0, null).touched(10 * LOOK)
})

t.test('the pages of this process', { skip: process.platform !== 'linux' }, async (t) => {
  const memory = processMemory()
  if (memory === null) throw new Error('there are no binaries for this machine')
  const store = openStore(t, { dataDir: scratchDir(t), maxMappedBytes: 1024 * MB })
  const rows: RowSpec[] = Array.from({ length: 1000 }, (_, i) => ({
    table: 'Traces',
    key: traceKey('a', i),
    cells: [{ family: 'S', qualifier: 'q', value: Buffer.alloc(3000, 'v') }],
  }))
  await store.put(batchOf(rows))
  const read = await all(store, 'Traces')
  const before = memory.fileBytes()
  memory.giveBack()
  const given = before - memory.fileBytes()
  t.ok(given > MB && given < 20 * MB, `${given} bytes`)
  t.strictSame(await all(store, 'Traces'), read, 'what is wanted again comes back')
})

t.test('each of many workers may map enough to work with', async (t) => {
  t.same([1, 2, 4, 8, 64].map(mappedBytesOfWorker), [16 * MB, 8 * MB, 6 * MB, 6 * MB, 6 * MB])
})
