import t from 'tap'
import type { ScatterAgent, ScatterPage } from '../../../../src/http/web/api/scatter.js'
import { type DotSelection, formatSelection, parseSelection } from '../../../../src/http/web/route/dot-selection.js'
import { countDots } from '../../../../src/http/web/scatter/count-dots.js'
import { selectionOf } from '../../../../src/http/web/scatter/dot-rectangle.js'
import { DotStore } from '../../../../src/http/web/scatter/dot-store.js'
import { automaticScale, elapsedAt, type Plot, timeAt, xOf, yOf } from '../../../../src/http/web/scatter/scales.js'

const PAGE: ScatterPage = {
  currentServerTime: 0,
  from: 1_000,
  to: 2_000,
  scatter: {
    metadata: { 1: ['front-1', 'front-1', 77], 2: ['front-2', 'front-1', 77] },
    dotList: [
      [900, 20, 1, 5, 1, 1],
      [500, 30_000, 2, 6, 0, 1],
    ],
  },
}
const ALL: DotSelection = {
  from: 0,
  to: 10_000,
  minElapsed: 0,
  maxElapsed: Number.POSITIVE_INFINITY,
  outcome: 'all',
  agentId: '',
}
const PLOT: Plot = { range: { from: 1_000, to: 2_000 }, maxElapsed: 10_000, width: 100, height: 200 }

function stored(...pages: ScatterPage[]): DotStore {
  const store = new DotStore()
  for (const page of pages) store.append(page)
  return store
}

t.test('dots become transactions, newest first', async (t) => {
  t.same(stored(PAGE).transactions(ALL), [
    { traceId: 'front-1^77^5', acceptTime: 1_900, elapsed: 20 },
    { traceId: 'front-1^77^6', acceptTime: 1_500, elapsed: 30_000 },
  ])
})

t.test('a selection cuts by time, elapsed time, outcome and agent', async (t) => {
  const store = stored(PAGE)
  const paths = (part: Partial<DotSelection>): number[] =>
    store.transactions({ ...ALL, ...part }).map((k) => k.acceptTime)
  t.same(paths({ from: 1_501 }), [1_900])
  t.same(paths({ to: 1_500 }), [1_500])
  t.same(paths({ maxElapsed: 29_999 }), [1_900])
  t.same(paths({ minElapsed: 30_000 }), [1_500])
  t.same(paths({ outcome: 'failed' }), [1_500])
  t.same(paths({ outcome: 'success' }), [1_900])
  t.same(paths({ agentId: 'front-2' }), [1_500])
})

t.test('keys of metadata hold for their page only', async (t) => {
  const metadata: Record<string, ScatterAgent> = { 1: ['back-1', 'front-1', 77], 2: ['back-1', 'x', 1] }
  const other: ScatterPage = { ...PAGE, scatter: { ...PAGE.scatter!, metadata } }
  const store = stored(PAGE, other)
  t.same(store.agents(), ['back-1', 'front-1', 'front-2'])
  t.equal(store.agentOf(0), 'front-1')
  t.equal(store.agentOf(2), 'back-1')
})

t.test('what is asked for twice is there once', async (t) => {
  const store = stored(PAGE)
  t.equal(store.append(PAGE, 1_400), 0)
  t.equal(store.append(PAGE, 1_600), 1, 'older dots are not compared')
  t.equal(store.length, 3)
})

t.test('50,000 dots fit, old ones are dropped', async (t) => {
  const store = new DotStore()
  const dotList = Array.from({ length: 50_000 }, (_, i): [number, number, number, number, number, number] => [
    i,
    i % 7,
    1,
    i,
    1,
    1,
  ])
  store.append({ ...PAGE, scatter: { metadata: PAGE.scatter!.metadata, dotList } })
  t.equal(store.length, 50_000)
  store.dropBefore(1_000 + 49_990)
  t.equal(store.length, 10)
  t.equal(store.times[0], 50_990)
  t.equal(store.sequence[9], 49_999)
})

t.test('dots of a page without any are none', async (t) => {
  t.equal(stored({ currentServerTime: 0, from: 0, to: 1 }).length, 0)
})

t.test('counts are those of the range and the agent', async (t) => {
  t.same(countDots(stored(PAGE), { from: 0, to: 9_999 }, ''), { success: 1, failed: 1 })
  t.same(countDots(stored(PAGE), { from: 0, to: 1_600 }, ''), { success: 0, failed: 1 })
  t.same(countDots(stored(PAGE), { from: 0, to: 9_999 }, 'front-1'), { success: 1, failed: 0 })
})

t.test('places and values lead to each other; what is slower than the scale lies at its edge', async (t) => {
  t.equal(xOf(PLOT, 1_500), 50)
  t.equal(timeAt(PLOT, 50), 1_500)
  t.equal(yOf(PLOT, 5_000), 100)
  t.equal(elapsedAt(PLOT, 100), 5_000)
  t.equal(yOf(PLOT, 99_999), 0)
  t.equal(timeAt(PLOT, -20), 1_000)
})

t.test('a few very slow requests do not decide the scale', async (t) => {
  const elapsed = new Int32Array(100).fill(800)
  t.equal(automaticScale(elapsed, 100), 1_000)
  elapsed[0] = 40_000
  elapsed[1] = 40_000
  t.equal(automaticScale(elapsed, 100), 1_000)
  elapsed[2] = 40_000
  t.equal(automaticScale(elapsed, 100), 60_000)
  t.equal(automaticScale(new Int32Array(0), 0), 1_000)
  t.equal(automaticScale(new Int32Array(5).fill(2 ** 30), 5), 300_000)
})

t.test('a rectangle is the same from any of its corners, and open at the upper edge', async (t) => {
  const shown = { outcome: 'all', agentId: '' } as const
  const wanted = { from: 1_250, to: 1_750, minElapsed: 2_500, maxElapsed: 7_500, outcome: 'all', agentId: '' }
  t.same(selectionOf(PLOT, { x: 25, y: 50 }, { x: 75, y: 150 }, shown), wanted)
  t.same(selectionOf(PLOT, { x: 75, y: 150 }, { x: 25, y: 50 }, shown), wanted)
  t.equal(selectionOf(PLOT, { x: 25, y: 0 }, { x: 75, y: 150 }, shown)?.maxElapsed, Number.POSITIVE_INFINITY)
  t.equal(selectionOf(PLOT, { x: 25, y: 50 }, { x: 75, y: 197 }, shown)?.minElapsed, 0)
  t.equal(selectionOf(PLOT, { x: 25, y: 50 }, { x: 27, y: 52 }, shown), undefined, 'a slip of the hand')
})

t.test('a selection comes back from its address; a wrong one is none', async (t) => {
  const s: DotSelection = { ...ALL, from: 5, to: 9, maxElapsed: 100, outcome: 'failed', agentId: 'a_b' }
  t.same(parseSelection(formatSelection(s)), s)
  t.same(parseSelection(formatSelection(ALL)), ALL)
  for (const wrong of ['', '1_2_3', '1_2_3_4_some', 'a_2_3_4_all', '1_2_3_4_all_'])
    t.equal(parseSelection(wrong), undefined, wrong)
})
