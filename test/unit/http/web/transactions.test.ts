import t from 'tap'
import type { TransactionMetadata } from '../../../../src/http/web/api/transactions.js'
import {
  FIRST_ORDER,
  filterTransactions,
  nextOrder,
  sortTransactions,
} from '../../../../src/http/web/transactions/sort-transactions.js'

function transaction(startTime: number, application: string, elapsed: number, exception = 0): TransactionMetadata {
  return {
    traceId: `a^1^${startTime}`,
    collectorAcceptTime: startTime,
    startTime,
    elapsed,
    application,
    agentId: 'front-1',
    endpoint: '',
    remoteAddr: '10.0.0.9',
    exception,
  }
}
const LIST = [transaction(1, '/b', 5), transaction(2, '/a', 50, 1), transaction(3, '/c', 5)]

t.test('the slowest come first, of equals the newest', async (t) => {
  t.same(
    sortTransactions(LIST, FIRST_ORDER).map((x) => x.startTime),
    [2, 3, 1],
  )
})

t.test('a column twice turns the order round', async (t) => {
  const byPath = nextOrder(FIRST_ORDER, 'application')
  t.same(
    sortTransactions(LIST, byPath).map((x) => x.application),
    ['/a', '/b', '/c'],
  )
  t.same(
    sortTransactions(LIST, nextOrder(byPath, 'application')).map((x) => x.application),
    ['/c', '/b', '/a'],
  )
  t.same(nextOrder(byPath, 'startTime'), { column: 'startTime', descending: true })
})

t.test('a filter looks at path, agent, client and id', async (t) => {
  t.same(
    filterTransactions(LIST, '/A').map((x) => x.startTime),
    [2],
  )
  t.equal(filterTransactions(LIST, 'FRONT').length, 3)
  t.equal(filterTransactions(LIST, '10.0.0.9').length, 3)
  t.same(
    filterTransactions(LIST, 'a^1^3').map((x) => x.startTime),
    [3],
  )
  t.equal(filterTransactions(LIST, '  ').length, 3)
  t.equal(
    filterTransactions([{ ...LIST[0], remoteAddr: null as unknown as string }], 'x').length,
    0,
    'agents leave fields out',
  )
})
