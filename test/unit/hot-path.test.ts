import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const CHILD = fileURLToPath(new URL('./hot-path-child.js', import.meta.url))
const FLAGS = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64']

/** Found: 33 to 38. A promise a span makes it 67, a BigInt 73, a closure 101. */
const MAX_HEAP_BYTES = 45
/** Found: 7.0 to 7.9, with Node.js 24 8.6. */
const MAX_RATIO = 10
/** Found: 24, when 32 are read at once. As events of Node.js they are 339 each. */
const MAX_RECEIVING_BYTES = 48

interface Cost {
  receiving: number
  heapBytes: number
  bufferBytes: number
  ratio: number
  dropped: number
  messages: number
  expected: number
}

t.test('what a recorded datagram costs from its bytes to its rows, on any machine', async (t) => {
  const cost = JSON.parse(execFileSync(process.execPath, [...FLAGS, CHILD]).toString()) as Cost
  t.comment(JSON.stringify(cost))
  t.equal(cost.dropped, 0)
  t.equal(cost.messages, cost.expected, 'all were decoded')
  t.ok(cost.receiving < MAX_RECEIVING_BYTES, `${cost.receiving} bytes of objects a datagram that is received`)
  t.ok(cost.heapBytes < MAX_HEAP_BYTES, `${cost.heapBytes} bytes of objects a datagram`)
  t.ok(cost.bufferBytes < 1, `${cost.bufferBytes} bytes of buffers a datagram`)
  t.ok(cost.ratio < MAX_RATIO, `${cost.ratio} times a loop that copies and hashes the bytes`)
})
