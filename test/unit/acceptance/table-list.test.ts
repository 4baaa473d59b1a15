import t from 'tap'
import { TABLE_NAMES } from '../../acceptance/deployment-steps.js'
import { parseTableList, tableListProblems } from '../../acceptance/table-list.js'

const SHELL = ['0 row(s) in 1.3180 seconds', 'TABLE', ...TABLE_NAMES, '14 row(s) in 0.0360 seconds', ''].join('\n')

t.test('the list of the HBase shell, with what it prints before', async (t) => {
  const list = parseTableList(SHELL)
  t.strictSame(list, { names: [...TABLE_NAMES], rows: 14 })
  t.strictSame(tableListProblems(list, TABLE_NAMES), [])
})

t.test('our list has no time in its last line', async (t) => {
  t.equal(parseTableList('TABLE\nTraces\n1 row(s)\n').rows, 1)
})

t.test('tables of others do no harm', async (t) => {
  const list = parseTableList(SHELL.replace('TABLE\n', 'TABLE\nA\n').replace('14 row', '15 row'))
  t.strictSame(tableListProblems(list, TABLE_NAMES), [])
})

t.test('a missing table, a wrong count and another order are told', async (t) => {
  const list = parseTableList('TABLE\nTraces\nAgentInfo\n3 row(s)\n')
  t.strictSame(tableListProblems(list, ['AgentInfo', 'AgentStat', 'Traces']), [
    'missing: AgentStat',
    '2 names, but "3 row(s)"',
    'not in alphabetical order',
  ])
})

t.test('an output without a list is refused', async (t) => {
  t.throws(() => parseTableList('ERROR: Table already exists: Traces!'), /no line TABLE/)
  t.throws(() => parseTableList('TABLE\nTraces\n'), /no last line/)
})
