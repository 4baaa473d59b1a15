import t from 'tap'
import { splitValues, withBindValues, withLiterals } from '../../../../src/query/transaction/sql.js'

t.test('a doubled comma is one of the value', async (t) => {
  t.same(splitValues('1,two,,2,'), ['1', 'two,2', ''])
  t.same(splitValues(''), [])
  t.same(splitValues(null), [])
})

t.test('literals go back to their numbers, not into comments', async (t) => {
  t.equal(
    withLiterals("select 0# from t1 where a = '1$' /* 0# */", ['7', 'x']),
    "select 7 from t1 where a = 'x' /* 0# */",
  )
  t.equal(withLiterals('select 3#', ['7']), 'select 3#', 'a number that there is no literal for')
})

t.test('bind values are quoted where question marks stand outside of quotes and comments', async (t) => {
  t.equal(
    withBindValues('select * from t where a = ? and b = ?', ['1', ' two']),
    "select * from t where a = '1' and b = 'two'",
  )
  t.equal(withBindValues("select '?' from t where a = ? -- ?", ['x']), "select '?' from t where a = 'x' -- ?")
  // the original answers so, too: one of the two quotes is lost
  t.equal(withBindValues("select 'it''s ?', ?", ['1']), "select 'it's ?', '1'")
  t.equal(withBindValues('select ?', []), 'select ?')
})
