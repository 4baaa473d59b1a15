import t from 'tap'
import type { TransactionInfo } from '../../../../src/http/web/api/transactions.js'
import { bindSql } from '../../../../src/http/web/call-tree/bind-sql.js'
import { type CallRow, callRows } from '../../../../src/http/web/call-tree/call-rows.js'
import { timeline } from '../../../../src/http/web/call-tree/timeline.js'
import { type TreeKeyTarget, treeKey } from '../../../../src/http/web/call-tree/tree-keys.js'
import { ancestorIds, findRows, parentIndex, visibleRows } from '../../../../src/http/web/call-tree/visible-rows.js'

// Columns and cells as the original web answered them for a recorded agent 1.5.2.
const COLUMNS = [
  'depth',
  'begin',
  'end',
  'excludeFromTimeline',
  'applicationName',
  'tab',
  'id',
  'parentId',
  'isMethod',
  'hasChild',
  'title',
  'arguments',
  'executeTime',
  'gap',
  'elapsedTime',
  'barWidth',
  'executionMilliseconds',
  'simpleClassName',
  'methodType',
  'apiType',
  'agent',
  'isFocused',
  'hasException',
  'logButtonName',
  'logPageUrl',
]
const T = 1795425132486
const STACK: TransactionInfo['callStack'] = [
  [
    '',
    T,
    T + 12_345,
    false,
    'FRONT',
    0,
    '1',
    '',
    true,
    true,
    'Tomcat Servlet Process',
    '/do/db',
    '09:12:12 486',
    '0',
    '12,345',
    '99',
    '5',
    '',
    '100',
    'TOMCAT',
    'front-1',
    true,
    false,
    null,
    '',
  ],
  [
    '',
    0,
    0,
    true,
    null,
    1,
    '2',
    '1',
    false,
    false,
    'REMOTE_ADDRESS',
    '127.0.0.1',
    '',
    '',
    '',
    '',
    '',
    '',
    '0',
    '',
    null,
    false,
    false,
    null,
    '',
  ],
  [
    '',
    T + 5,
    T + 400,
    false,
    'FRONT',
    1,
    '3',
    '1',
    true,
    true,
    'executeQuery()',
    '',
    '09:12:12 491',
    '5',
    '395',
    '3',
    '395',
    'PreparedStatement',
    '0',
    'MYSQL(test)',
    'front-1',
    false,
    true,
    null,
    '',
  ],
  [
    '',
    0,
    0,
    true,
    null,
    2,
    '4',
    '3',
    false,
    false,
    'SQLException',
    'no such table',
    '',
    '',
    '',
    '',
    '',
    '',
    '0',
    '',
    null,
    false,
    true,
    null,
    '',
  ],
  [
    '',
    0,
    0,
    true,
    null,
    2,
    '5',
    '3',
    false,
    false,
    'SQL',
    'SELECT a FROM b WHERE c = ?',
    '',
    '',
    '',
    '',
    '',
    '',
    '0',
    '',
    null,
    false,
    false,
    null,
    '',
  ],
  [
    '',
    0,
    0,
    true,
    null,
    2,
    '6',
    '3',
    false,
    false,
    'SQL-BindValue',
    '12',
    '',
    '',
    '',
    '',
    '',
    '',
    '0',
    '',
    null,
    false,
    false,
    null,
    '',
  ],
  [
    '',
    T + 450,
    T + 500,
    false,
    'BACK',
    1,
    '7',
    '1',
    true,
    false,
    'Asynchronous Invocation',
    '',
    '09:12:12 936',
    '50',
    '50',
    '1',
    '50',
    '',
    '200',
    'ASYNC',
    'back-1',
    false,
    false,
    null,
    '',
  ],
  [
    '',
    T + 600,
    T + 600,
    true,
    'BACK',
    1,
    '8',
    '1',
    true,
    false,
    'lost',
    '',
    '',
    '0',
    '0',
    '0',
    '0',
    '',
    '900',
    '',
    'back-1',
    false,
    false,
    null,
    '',
  ],
]

const INFO: TransactionInfo = {
  applicationName: '/do/db',
  applicationId: 'FRONT',
  agentId: 'front-1',
  transactionId: 'front-1^1^2',
  completeState: 'Complete',
  callStackStart: T,
  callStackEnd: 12_345,
  callStackIndex: Object.fromEntries(COLUMNS.map((name, i) => [name, i])),
  callStack: STACK,
}
const ROWS = callRows(INFO)

t.test('rows say what they are', async (t) => {
  t.same(
    ROWS.map((r) => r.kind),
    ['call', 'annotation', 'call', 'exception', 'sql', 'bind', 'call', 'call'],
  )
  t.match(ROWS[0], { elapsed: 12_345, self: 5, gap: 0, isFocused: true, hasChildren: true, apiType: 'TOMCAT' })
  t.match(ROWS[1], { elapsed: undefined, gap: undefined, agentId: '', hasChildren: false })
  t.match(ROWS[2], { hasException: true, hasChildren: true, depth: 1 })
  t.match(ROWS[6], { isAsync: true, isCorrupted: false })
  t.match(ROWS[7], { isAsync: false, isCorrupted: true, inTimeline: false })
})

t.test('columns are found by name, wherever they stand', async (t) => {
  const turned = {
    ...INFO,
    callStackIndex: Object.fromEntries(COLUMNS.map((name, i) => [name, COLUMNS.length - 1 - i])),
    callStack: STACK.map((cells) => cells.toReversed()),
  }
  t.same(callRows(turned), ROWS)
})

t.test('a statement has its bind values filled in', async (t) => {
  t.equal(ROWS[4].boundSql, 'SELECT a FROM b WHERE c = 12')
  t.equal(bindSql('a = ? AND b = ?', "kim's, 7"), "a = 'kim''s' AND b = 7")
  t.equal(
    bindSql('a = \'?\' AND b = "?" /* ? */ -- ?\nAND c = ?', 'x'),
    "a = '?' AND b = \"?\" /* ? */ -- ?\nAND c = 'x'",
  )
  t.equal(bindSql('a = ? AND b = ?', '1'), 'a = 1 AND b = ?', 'what has no value stays')
  t.equal(bindSql('a = ?', ''), 'a = ?')
})

t.test('collapsed rows hide all that is deeper', async (t) => {
  t.same(visibleRows(ROWS, new Set()), [0, 1, 2, 3, 4, 5, 6, 7])
  t.same(visibleRows(ROWS, new Set(['3'])), [0, 1, 2, 6, 7])
  t.same(visibleRows(ROWS, new Set(['1', '3'])), [0])
})

t.test('rows know what they are part of', async (t) => {
  t.equal(parentIndex(ROWS, 5), 2)
  t.equal(parentIndex(ROWS, 0), undefined)
  t.same(ancestorIds(ROWS, 5), ['3', '1'])
})

t.test('search looks at names, arguments, classes, agents', async (t) => {
  t.same(findRows(ROWS, ' select '), [4])
  t.same(findRows(ROWS, 'BACK'), [6, 7])
  t.same(findRows(ROWS, 'preparedstatement'), [2])
  t.same(findRows(ROWS, ''), [])
})

t.test('keys walk, open and close', async (t) => {
  const press = (key: string, active: number, collapsed: string[] = []): unknown[] => {
    const done: unknown[] = []
    const target: TreeKeyTarget = {
      rows: ROWS,
      visible: visibleRows(ROWS, new Set(collapsed)),
      active,
      collapsed: new Set(collapsed),
      onActive: (i) => done.push(i),
      onToggle: (i, open) => done.push([i, open]),
    }
    treeKey({ key, preventDefault: () => undefined }, target)
    return done
  }
  t.same(press('ArrowDown', 2, ['3']), [6], 'hidden rows are passed over')
  t.same(press('ArrowUp', 0), [0])
  t.same(press('End', 0), [7])
  t.same(press('ArrowLeft', 2), [[2, false]])
  t.same(press('ArrowLeft', 4), [2])
  t.same(press('ArrowRight', 2, ['3']), [[2, true]])
  t.same(press('ArrowRight', 2), [3])
  t.same(press('Enter', 2), [[2, false]])
  t.same(press('x', 2), [])
})

t.test('bars lie on one axis from the first call to the end of the last', async (t) => {
  const { from, to, bars, applications } = timeline(ROWS)
  t.same([from, to], [T, T + 12_345])
  t.same(applications, ['FRONT', 'BACK'])
  t.same(
    bars.map((b) => b.row),
    [0, 2, 6],
  )
  t.same(bars[0], { row: 0, start: 0, width: 1, application: 0 })
  t.ok(Math.abs(bars[2].start - 450 / 12_345) < 1e-9)
  t.same(timeline([]).bars, [])
  const instant: CallRow = { ...ROWS[0], begin: 5, end: 5 }
  t.same(timeline([instant]).bars, [{ row: 0, start: 0, width: 0, application: 0 }])
})
