import t from 'tap'
import { FrameBuffers } from '../../../src/store/hbase/frame-buffers.js'

const LARGE = 100_000
const HUGE = 5 * 1024 * 1024

t.test('a buffer that came back is given again when it is large enough', async (t) => {
  const buffers = new FrameBuffers()
  const first = buffers.take(LARGE)
  t.equal(first.length, LARGE)
  const second = buffers.take(LARGE)
  t.not(second.buffer, first.buffer, 'not while it is in use')
  buffers.give(first)
  const smaller = buffers.take(LARGE - 10)
  t.equal(smaller.buffer, first.buffer)
  t.equal(smaller.length, LARGE - 10)
  buffers.give(smaller)
  t.not(buffers.take(2 * LARGE).buffer, first.buffer)
  t.equal(buffers.take(LARGE).buffer, first.buffer)
})

t.test('small and huge ones are not kept, nor many', async (t) => {
  const buffers = new FrameBuffers()
  for (const bytes of [100, HUGE]) {
    const frame = buffers.take(bytes)
    t.equal(frame.length, bytes)
    buffers.give(frame)
    t.not(buffers.take(bytes).buffer, frame.buffer)
  }
  const frames = Array.from({ length: 10 }, () => buffers.take(LARGE))
  for (const frame of frames) buffers.give(frame)
  const again = frames.map(() => buffers.take(LARGE).buffer)
  t.equal(frames.filter(({ buffer }) => again.includes(buffer)).length, 2)
})
