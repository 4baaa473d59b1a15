import t from 'tap'
import { drops, pipeline, type TestPipeline } from '../../builders/pipeline.js'
import { API, SQL, STRING } from '../../builders/pipeline-messages.js'
import { cellValue, tablesOf } from '../../builders/rows.js'
import type { Plain } from '../../builders/thrift-idl.js'

function given(name: string, plain: Plain): TestPipeline {
  const p = pipeline()
  p.give(name, plain)
  return p
}

function without(plain: Plain, field: string): Plain {
  return Object.fromEntries(Object.entries(plain).filter(([name]) => name !== field))
}

const ALL: [name: string, plain: Plain][] = [
  ['TApiMetaData', API],
  ['TSqlMetaData', SQL],
  ['TStringMetaData', STRING],
]

t.test('without an agent id, or with one too long, there is no row', async (t) => {
  for (const [name, plain] of ALL) {
    const none = given(name, without(plain, 'agentId'))
    t.strictSame([none.rows(), drops(none)], [[], { missingField: 1 }], name)
    const long = given(name, { ...plain, agentId: 'x'.repeat(25) })
    t.strictSame([long.rows(), drops(long)], [[], { nameTooLong: 1 }], name)
  }
})

t.test('without its text SQL and strings have no row, and an api has a null', async (t) => {
  const sql = given('TSqlMetaData', without(SQL, 'sql'))
  const string = given('TStringMetaData', without(STRING, 'stringValue'))
  for (const p of [sql, string]) t.strictSame([p.rows(), drops(p)], [[], { missingField: 1 }])
  t.equal(cellValue(given('TApiMetaData', without(API, 'apiInfo')).rows(), 'ApiMetaData', 'Api'), '010000000c00000000')
})

t.test('an empty text is an empty cell', async (t) => {
  t.equal(cellValue(given('TSqlMetaData', { ...SQL, sql: '' }).rows(), 'SqlMetaData_Ver2', 'Sql'), '')
  t.equal(cellValue(given('TStringMetaData', { ...STRING, stringValue: '' }).rows(), 'StringMetaData', 'Str'), '')
})

t.test('a line that was not sent is -1, one that was sent is kept', async (t) => {
  t.equal(
    cellValue(given('TApiMetaData', { ...API, line: 0 }).rows(), 'ApiMetaData', 'Api').slice(-16),
    '0000000000000000',
  )
  t.equal(
    cellValue(given('TApiMetaData', without(API, 'line')).rows(), 'ApiMetaData', 'Api').slice(-16),
    'ffffffff00000000',
  )
})

t.test('a text has no limit but that of the message', async (t) => {
  const sql = 'x'.repeat(100_000)
  t.equal(given('TSqlMetaData', { ...SQL, sql }).rows()[0].cells[0].value.length, 100_000)
  const p = pipeline({ maxMessageBytes: 100_000 })
  p.give('TSqlMetaData', { ...SQL, sql })
  t.strictSame([p.rows(), drops(p)], [[], { tooLarge: 1 }])
})

t.test('one-way messages are stored as well', async (t) => {
  for (const [name, plain] of ALL) t.equal(tablesOf(given(name, plain).rows()).length, 1)
})
