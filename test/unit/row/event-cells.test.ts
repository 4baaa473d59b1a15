import t from 'tap'
import { pipeline } from '../../builders/pipeline.js'
import { CHUNK } from '../../builders/pipeline-messages.js'

/** All that an event with short texts takes, and more. */
const EDGE_BYTES = 700
const SHORT = 'x'.repeat(63)
const ACCENTED = 'é'.repeat(31)
const LARGEST = {
  sequence: 1,
  startElapsed: -1,
  endElapsed: -(2 ** 31),
  serviceType: 32767,
  apiId: -(2 ** 31),
  depth: -(2 ** 31),
}

t.test('events are the same wherever the buffer of their batch ends', async (t) => {
  const p = pipeline()
  const events = [
    { ...LARGEST, rpc: SHORT, endPoint: SHORT, destinationId: SHORT },
    { ...LARGEST, sequence: 2, rpc: ACCENTED, endPoint: ACCENTED, destinationId: 'y'.repeat(200) },
  ]
  const { open } = p.batcher
  const cells = (free: number) => {
    open.reset()
    open.w.buf = Buffer.alloc(4096)
    open.w.view = new DataView(open.w.buf.buffer)
    open.w.len = open.w.buf.length - free
    p.give('TSpanChunk', { ...CHUNK, spanEventList: events })
    return p.rows().map((row) => row.cells)
  }
  const expected = cells(4096)
  t.equal(expected[0].length, 2)
  t.equal(
    expected[0][0].value.length,
    21 + 2 * 10 + 3 * 64 + 2 + 2 * 5 + 8 + 3,
    'head, elapsed times, texts, type, ids, the rest',
  )
  for (let free = 0; free < EDGE_BYTES; free++) {
    const found = cells(free)
    if (JSON.stringify(found) !== JSON.stringify(expected)) t.same(found, expected, `${free} bytes are left`)
  }
})
