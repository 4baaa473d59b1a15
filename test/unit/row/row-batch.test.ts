import t from 'tap'
import { RowBatch } from '../../../src/row/row-batch.js'
import { table } from '../../../src/row/tables.js'
import { SPAN } from '../../../src/thrift/message-type.js'

const NO_LIMIT = 1 << 24

/** One row of AgentEvent with a cell of that qualifier and value length. */
function append(rows: RowBatch, key: string, qualifierBytes = 4, valueBytes = 10): void {
  rows.beginRow(table('AgentEvent'))
  rows.w.raw(Buffer.from(key), 0, key.length)
  rows.endKey()
  rows.beginCell(0)
  rows.w.raw(Buffer.alloc(qualifierBytes, 'q'), 0, qualifierBytes)
  rows.beginValue()
  rows.w.raw(Buffer.alloc(valueBytes, 'v'), 0, valueBytes)
  rows.endCell()
  rows.endRow()
}

t.test('rows come out as they went in, however many', async (t) => {
  const rows = new RowBatch()
  for (let i = 0; i < 3000; i++) {
    rows.beginMessage(SPAN, 1000 + i, NO_LIMIT)
    append(rows, `key ${i}`, i % 300, i)
  }
  t.equal(rows.messageCount, 3000)
  const plain = rows.plain()
  t.equal(plain.length, 3000)
  for (const [i, row] of plain.entries()) {
    const [cell] = row.cells
    const right =
      row.table === 'AgentEvent' &&
      row.key.toString() === `key ${i}` &&
      row.time === 1000 + i &&
      cell.family === 'E' &&
      cell.qualifier.length === i % 300 &&
      cell.value.equals(Buffer.alloc(i, 'v'))
    if (!right) t.fail(`row ${i}`)
  }
})

t.test('the rows of one message can be taken back', async (t) => {
  const rows = new RowBatch()
  rows.beginMessage(SPAN, 1, NO_LIMIT)
  append(rows, 'one')
  const { rowCount, bytes } = rows
  rows.beginMessage(SPAN, 2, NO_LIMIT)
  append(rows, 'two')
  append(rows, 'three')
  rows.truncate(rowCount, bytes)
  rows.popMessage()
  rows.beginMessage(SPAN, 3, NO_LIMIT)
  append(rows, 'four')
  t.strictSame(
    rows.plain().map((r) => [r.key.toString(), r.time]),
    [
      ['one', 1],
      ['four', 3],
    ],
  )
  t.equal(rows.messageCount, 2)
  rows.reset()
  t.strictSame([rows.plain(), rows.messageCount, rows.bytes], [[], 0, 0])
})

t.test('a message whose rows are larger than it may be is refused, wherever the batch has room', async (t) => {
  const rows = new RowBatch()
  rows.beginMessage(SPAN, 1, 1000)
  append(rows, 'k', 4, 900)
  t.throws(() => append(rows, 'l', 4, 100), { code: 'ROW_TOO_LARGE' }, 'no matter that the buffer has room')
  rows.truncate(1, rows.bytes)
  rows.beginMessage(SPAN, 2, 1000)
  append(rows, 'm', 4, 900)
  rows.beginMessage(SPAN, 3, 100_000)
  t.throws(() => append(rows, 'n', 4, 200_000), { code: 'ROW_TOO_LARGE' }, 'before the buffer grows')
})

t.test('a qualifier that its length field cannot hold is refused', async (t) => {
  const rows = new RowBatch()
  rows.beginMessage(SPAN, 1, NO_LIMIT)
  append(rows, 'k', 65535)
  t.equal(rows.plain()[0].cells[0].qualifier.length, 65535)
  t.throws(() => append(rows, 'l', 65536), { code: 'ROW_TOO_LONG' })
})
