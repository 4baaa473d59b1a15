import t from 'tap'
import { QueryTurns } from '../../../src/http/api/query-turns.js'

const STAYS = new AbortController().signal

function held(): { query: () => Promise<void>; end: () => void } {
  let end = (): void => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  return { query: () => ended, end }
}

t.test('turns go round in order, also past a query that failed', async (t) => {
  const turns = new QueryTurns(1)
  const first = held()
  const order: string[] = []
  const all = [
    turns.run(STAYS, first.query),
    t.rejects(
      turns.run(STAYS, () => Promise.reject(new Error('broken'))),
      /broken/,
    ),
    turns.run(STAYS, async () => void order.push('a')),
    turns.run(STAYS, async () => void order.push('b')),
  ]
  await new Promise(setImmediate)
  t.same(order, [])
  first.end()
  await Promise.all(all)
  t.same(order, ['a', 'b'])
})

t.test('who leaves or waits too long gets no turn, and takes none away', async (t) => {
  const turns = new QueryTurns(1, 5)
  const first = held()
  const running = turns.run(STAYS, first.query)
  const leaving = new AbortController()
  const never = async (): Promise<void> => void t.fail('had a turn')
  const left = t.rejects(turns.run(leaving.signal, never), /gone/)
  leaving.abort(new Error('gone'))
  await left
  await t.rejects(turns.run(leaving.signal, never), /gone/)
  await t.rejects(turns.run(STAYS, never), { statusCode: 503, code: 'QUERY_TOO_MANY_RUNNING' })
  first.end()
  await running
  t.equal(await turns.run(STAYS, async () => 7), 7)
})
