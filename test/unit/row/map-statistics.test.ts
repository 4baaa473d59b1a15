import t from 'tap'
import { Accounting } from '../../../src/accounting.js'
import { CounterMap } from '../../../src/aggregate/counter-map.js'
import { countCallee, countCaller, countSelf, type Node, type Slice } from '../../../src/row/map-statistics.js'
import { incrementLines } from '../../builders/rows.js'

// Rows and columns of storage.md §6.4.

const SLOT = 1500000000000
const BYTES = Buffer.from('FRONTfront-1x')
const FRONT: Node = { name: { at: 0, len: 5 }, type: 1010 }
const AGENT: Slice = { at: 5, len: 7 }
const X: Node = { name: { at: 12, len: 1 }, type: 9055 }
const ABSENT: Slice = { at: 0, len: -1 }

function counted(count: (counters: CounterMap) => void): string[] {
  const counters = new CounterMap(1 << 20, new Accounting(), () => SLOT)
  count(counters)
  return incrementLines(counters.take())
}

t.test('a call to a host without a name, slower than slow', async (t) => {
  t.strictSame(
    counted((c) => countCallee(c, BYTES, FRONT, X, ABSENT, 0, AGENT, SLOT)),
    ['INC Callee_Ver2 15000546524f4e5403f27ffffea2c10867ff C:235f02780000000e66726f6e742d31 L 0000000000000001'],
  )
  const [caller] = counted((c) => countCaller(c, BYTES, X, FRONT, ABSENT, 0, SLOT))
  t.match(caller, /^INC Caller_Ver2 ..000178235f7ffffea2c10867ff C:03f20000000546524f4e54 L 0000000000000001$/)
})

t.test('an empty name makes a row of length 0', async (t) => {
  const empty: Node = { name: { at: 0, len: 0 }, type: 9052 }
  const [caller] = counted((c) => countCaller(c, BYTES, empty, FRONT, AGENT, -1000, SLOT))
  t.match(caller, / ..0000235c7ffffea2c10867ff C:03f2fc18000546524f4e5466726f6e742d31 /)
  const [callee] = counted((c) => countCallee(c, BYTES, FRONT, empty, AGENT, -1000, AGENT, SLOT))
  t.match(callee, / C:235c000e66726f6e742d31fc180e66726f6e742d31 /)
})

t.test('a type that is not registered', async (t) => {
  const unknown: Node = { name: FRONT.name, type: -1 }
  const [self] = counted((c) => countSelf(c, BYTES, unknown, AGENT, -9999, SLOT))
  t.match(self, /^INC Self_Ver2 ..000546524f4e54ffff7ffffea2c10867ff C:d8f166726f6e742d31 /)
})

t.test('a name of more than 32767 bytes has no row', async (t) => {
  const bytes = Buffer.alloc(32768, 'x')
  const node: Node = { name: { at: 0, len: 32768 }, type: 9052 }
  t.throws(() => counted((c) => countSelf(c, bytes, node, AGENT, 0, SLOT)), { code: 'ROW_TOO_LONG' })
})
