import t from 'tap'
import { FrameBuffers } from '../../../src/store/hbase/frame-buffers.js'
import { FrameSplitter } from '../../../src/store/hbase/frame-splitter.js'
import { connectionStart, decodeAnswer, requestFrame } from '../../../src/store/hbase/rpc-frame.js'
import { decode, decodeDelimited, encodeDelimited } from '../../builders/hbase-proto.js'

t.test('a connection begins with HBas, version 0, AUTH SIMPLE and its header', async (t) => {
  const start = connectionStart('pinpoint', 'ClientService')
  t.equal(start.subarray(0, 6).toString('hex'), '484261730050')
  t.equal(start.readUInt32BE(6), start.length - 10)
  t.strictSame(decode('ConnectionHeader', start.subarray(10)), {
    userInfo: { effectiveUser: 'pinpoint' },
    serviceName: 'ClientService',
    cellBlockCodecClass: 'org.apache.hadoop.hbase.codec.KeyValueCodec',
  })
})

t.test('a request has a header, a parameter and nothing else', async (t) => {
  const frame = requestFrame(70000, 'Scan', Buffer.from('0a0178', 'hex'), 60000, new FrameBuffers())
  t.equal(frame.readUInt32BE(), frame.length - 4)
  const { message, rest } = decodeDelimited('RequestHeader', frame.subarray(4))
  t.strictSame(message, { callId: 70000, methodName: 'Scan', requestParam: true, timeout: 60000 })
  t.equal(rest.toString('hex'), '030a0178')
})

t.test('an answer is cut into header, parameter and cell block', async (t) => {
  const header = encodeDelimited('ResponseHeader', { callId: 9, cellBlockMeta: { length: 2 } })
  const answer = decodeAnswer(Buffer.concat([header, Buffer.from('03aabbcc', 'hex'), Buffer.from('0102', 'hex')]))
  t.match(answer.header, { callId: 9, cellBlockMeta: { length: 2 } })
  t.equal(answer.param.toString('hex'), 'aabbcc')
  t.equal(answer.cells.toString('hex'), '0102')
})

t.test('an exception has neither', async (t) => {
  const exception = { exceptionClassName: 'a.B', stackTrace: 'a.B: text', doNotRetry: true }
  const answer = decodeAnswer(encodeDelimited('ResponseHeader', { callId: 1, exception }))
  t.match(answer.header.exception, exception)
  t.equal(answer.param.length, 0)
})

t.test('an answer that ends in the middle is refused', async (t) => {
  const header = encodeDelimited('ResponseHeader', { callId: 9 })
  const whole = Buffer.concat([header, Buffer.from('03aabbcc', 'hex')])
  for (let n = 0; n < whole.length; n++) {
    if (n !== header.length) t.throws(() => decodeAnswer(whole.subarray(0, n)), RangeError, `${n} bytes`)
  }
})

t.test('frames come out whole wherever the stream is cut', async (t) => {
  const frames = ['', 'a', 'bcd', 'x'.repeat(300)].map((text) => Buffer.from(text))
  const stream = Buffer.concat(
    frames.flatMap((f) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(f.length)
      return [length, f]
    }),
  )
  for (let first = 0; first <= stream.length; first++) {
    for (const second of [first, first + 1, first + 5]) {
      const got: string[] = []
      const splitter = new FrameSplitter(1000, (frame) => got.push(frame.toString()))
      for (const part of [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)]) {
        splitter.push(part)
      }
      t.strictSame(got, frames.map(String), `cut at ${first} and ${second}`)
    }
  }
})

t.test('a frame longer than the bound is refused before it is gathered', async (t) => {
  const splitter = new FrameSplitter(1000, () => t.fail('a frame'))
  t.throws(() => splitter.push(Buffer.from('000003e9', 'hex')), { message: /1001 bytes, more than 1000/ })
})
