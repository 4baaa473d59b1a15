import t from 'tap'
import { RowError } from '../../../src/errors.js'
import { RowWriter } from '../../../src/row/row-writer.js'
import { TransactionId } from '../../../src/row/transaction-id.js'
import { bytes, long, pad24 } from '../../builders/rows.js'

// The three encodings of storage.md §3.

const AGENT_START = 1499999000000
const OWN = Buffer.from('own-agent')

/** [Traces row, index column] of a transaction id that stands in the middle of a message. */
function encodings(wire: string): [row: string, column: string] {
  const id = bytes(wire)
  const message = Buffer.concat([OWN, id, bytes('ffffffff')])
  const parsed = new TransactionId()
  parsed.parse(message, OWN.length, id.length, 0, OWN.length)
  const write = (encode: (w: RowWriter) => void): string => {
    const w = new RowWriter()
    encode(w)
    return w.buf.toString('hex', 0, w.len)
  }
  return [write((w) => parsed.writeTracesKey(w, message)), write((w) => parsed.writeIndexColumn(w, message))]
}

t.test('an agent id in the transaction id', async (t) => {
  t.strictSame(encodings('00 0e66726f6e742d31 c0aba1f7d32b 2a'), [
    pad24('front-1') + long(AGENT_START) + long(42),
    '0e66726f6e742d3180d7c2eea7572a',
  ])
})

t.test('the span stands in for an agent id that is null, not for one that is empty', async (t) => {
  t.strictSame(encodings('00 01 c0aba1f7d32b 2a'), [
    pad24('own-agent') + long(AGENT_START) + long(42),
    `12${OWN.toString('hex')}80d7c2eea7572a`,
  ])
  t.strictSame(encodings('00 00 c0aba1f7d32b 2a'), [pad24('') + long(AGENT_START) + long(42), '0080d7c2eea7572a'])
})

t.test('the largest and negative numbers', async (t) => {
  const max = 'ffffffffffffffff7f'
  const minusOne = 'ffffffffffffffffff01'
  t.strictSame(encodings(`00 01 ${max} ${minusOne}`), [
    pad24('own-agent') + long(2n ** 63n - 1n) + long(-1),
    `12${OWN.toString('hex')}feffffffffffffffff01${minusOne}`,
  ])
})

t.test('a bad transaction id of any kind', async (t) => {
  const bad: Record<string, string> = {
    empty: '',
    'another version': '01 01 c0aba1f7d32b 2a',
    'no agent id': '00',
    'an agent id longer than it': '00 28 66726f6e742d31 c0aba1f7d32b 2a',
    'a negative length that is not null': '00 03 c0aba1f7d32b 2a',
    'a length of six bytes': '00 ffffffffff01 c0aba1f7d32b 2a',
    'no start time': '00 01',
    'half a start time': '00 01 c0ab',
    'no sequence': '00 01 c0aba1f7d32b',
    'half a sequence': '00 01 c0aba1f7d32b 80',
    'a number of eleven bytes': '00 01 ffffffffffffffffffff01 2a',
  }
  for (const [what, wire] of Object.entries(bad)) {
    t.throws(() => encodings(wire), { code: 'ROW_BAD_TRANSACTION_ID' }, what)
    t.throws(() => encodings(wire), RowError)
  }
  t.throws(() => new TransactionId().parse(OWN, 0, -1, 0, 3), { code: 'ROW_BAD_TRANSACTION_ID' }, 'absent')
})
