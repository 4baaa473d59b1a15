import t from 'tap'
import type { TraceDot } from '../../../../src/query/read/application-trace-index.js'
import { plainScatter, scatterData } from '../../../../src/query/scatter/scatter-data.js'

const RANGE = { from: 1_000, to: 9_000 }

function dot(acceptTime: number, elapsed: number, sequence: number, agentId = 'a', error = false): TraceDot {
  return { transactionId: { agentId: 'root', startTime: 7, sequence }, acceptTime, elapsed, error, agentId }
}

t.test('points of one cell are told by the first of them', async (t) => {
  const dots = [dot(5_190, 14, 1), dot(5_110, 19, 2), dot(5_050, 11, 3, 'b', true), dot(5_199, 20, 4)]
  const { resultFrom, resultTo, scatter } = scatterData(dots, RANGE, { xUnit: 100, yUnit: 10 })
  t.same([resultFrom, resultTo], [5_050, 5_199])
  t.same(scatter.metadata, { 1: ['a', 'root', 7], 2: ['b', 'root', 7] })
  t.same(scatter.dotList, [
    [4_199, 20, 1, 4, 1, 1],
    [4_190, 14, 1, 1, 1, 2],
    [4_110, 19, 1, 2, 1, 0],
    [4_050, 11, 2, 3, 0, 1],
  ])
})

t.test('no points have no times', async (t) => {
  t.same(scatterData([], RANGE, { xUnit: 1, yUnit: 1 }), {
    resultFrom: -1,
    resultTo: -1,
    scatter: { metadata: {}, dotList: [] },
  })
})

t.test('an agent may be called like a property of every object', async (t) => {
  const { scatter } = plainScatter([dot(2_000, 5, 1, '__proto__'), dot(2_001, 6, 2, 'constructor', true)], RANGE)
  t.same(Object.keys(scatter), ['__proto__', 'constructor'])
  t.same(scatter.constructor, [[2_001, 6, 'root^7^2', 0]])
})
