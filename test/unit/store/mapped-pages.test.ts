import t from 'tap'
import { MappedPages, PROC_FIGURES } from '../../../src/store/embedded/mapped-pages.js'
import { mappedBytesOfWorker } from '../../../src/store/open-store.js'
import { all, batchOf, openStore, type RowSpec, scratchDir, traceKey } from './rows.js'

const MB = 1024 * 1024
const LOOK = 500

/** Mapped pages as a test sets them. */
class Figures {
  code = 40 * MB
  store = 0
  dearLooks = 0
  readonly ofFiles = (): number => this.code + this.store
  readonly ofStore = (): number => {
    this.dearLooks++
    return this.store
  }
}

t.test('pages of code are not taken for pages of the store', async (t) => {
  const figures = new Figures()
  const mapped = new MappedPages(4 * MB, figures)
  figures.code += 20 * MB
  figures.store = 80 * 1024
  for (let i = 0; i < 100; i++) t.notOk(mapped.tooMany(LOOK))
  t.equal(figures.dearLooks, 1, 'the dear figure is read once, not at each look')
  figures.store = 5 * MB
  t.ok(mapped.tooMany(LOOK))
  mapped.givenBack(false)
  figures.store = 0
  t.notOk(mapped.tooMany(LOOK))
})

t.test('after all files were closed and opened, the dear figure is not needed', async (t) => {
  const figures = new Figures()
  const mapped = new MappedPages(4 * MB, figures)
  figures.code += 20 * MB
  mapped.givenBack(true)
  figures.store = 3 * MB
  t.notOk(mapped.tooMany(LOOK))
  figures.store = 5 * MB
  t.ok(mapped.tooMany(LOOK))
  t.equal(figures.dearLooks, 0)
  mapped.givenBack(false)
  t.ok(mapped.tooMany(LOOK), 'a file that is being read keeps its pages')
  t.equal(figures.dearLooks, 1)
})

t.test('pages of code that went do not make room for more of the store', async (t) => {
  const figures = new Figures()
  const mapped = new MappedPages(4 * MB, figures)
  figures.code -= 30 * MB
  t.notOk(mapped.tooMany(LOOK))
  figures.store = 5 * MB
  t.ok(mapped.tooMany(LOOK))
})

t.test('without figures the rows are counted', async (t) => {
  const mapped = new MappedPages(4 * MB, { ofFiles: () => undefined, ofStore: () => undefined })
  t.notOk(mapped.tooMany(19_999))
  t.ok(mapped.tooMany(LOOK))
})

t.test('the figures of the system', { skip: process.platform !== 'linux' }, async (t) => {
  t.equal(PROC_FIGURES.ofStore(), 0)
  const store = openStore(t, { dataDir: scratchDir(t) })
  const rows: RowSpec[] = Array.from({ length: 1000 }, (_, i) => ({
    table: 'Traces',
    key: traceKey('a', i),
    cells: [{ family: 'S', qualifier: 'q', value: Buffer.alloc(3000, 'v') }],
  }))
  await store.put(batchOf(rows))
  t.equal((await all(store, 'Traces')).length, 1000)
  const bytes = PROC_FIGURES.ofStore() ?? 0
  t.ok(bytes > MB && bytes < 20 * MB, `${bytes} bytes of .mdb files`)
  t.ok(bytes <= (PROC_FIGURES.ofFiles() ?? 0))
})

t.test('each of many workers may map enough to work with', async (t) => {
  t.same([1, 2, 4, 8, 64].map(mappedBytesOfWorker), [32 * MB, 16 * MB, 12 * MB, 12 * MB, 12 * MB])
})
