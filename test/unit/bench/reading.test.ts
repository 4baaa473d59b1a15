import t from 'tap'
import { parseOther, refusedInLog } from '../../../bench/collector/target.js'
import { bucketsBetween, percentile } from '../../../bench/measure/percentile.js'
import { stageTimes } from '../../../bench/measure/profile-stages.js'
import { multiAnswer } from '../../../bench/stub/multi-answer.js'
import { decode, encode } from '../../builders/hbase-proto.js'

t.test('percentiles lie straight between the bounds of their bucket', async (t) => {
  const before = [
    { le: 0.1, count: 10 },
    { le: 0.2, count: 10 },
    { le: Infinity, count: 10 },
  ]
  const after = [
    { le: 0.1, count: 10 },
    { le: 0.2, count: 110 },
    { le: Infinity, count: 110 },
  ]
  const buckets = bucketsBetween(after, before)
  t.ok(Math.abs(percentile(buckets, 0.5)! - 0.15) < 1e-9)
  t.ok(Math.abs(percentile(buckets, 0.99)! - 0.199) < 1e-9)
  t.equal(percentile([{ le: 1, count: 0 }], 0.5), null)
  t.equal(
    percentile(
      [
        { le: 1, count: 5 },
        { le: Infinity, count: 10 },
      ],
      0.9,
    ),
    1,
    'beyond the last bound only that bound is known',
  )
})

t.test('self time goes to the folder of the function, or of the nearest caller that has one', async (t) => {
  const frame = (functionName: string, url = ''): { functionName: string; url: string } => ({ functionName, url })
  const src = 'file:///app/dist/src'
  const times = stageTimes({
    nodes: [
      { id: 1, callFrame: frame('(root)'), children: [2, 3, 4, 5] },
      { id: 2, callFrame: frame('(idle)') },
      { id: 3, callFrame: frame('(garbage collector)') },
      { id: 4, callFrame: frame('(program)') },
      { id: 5, callFrame: frame('onMessage', 'node:dgram'), children: [6] },
      { id: 6, callFrame: frame('datagram', `${src}/dispatcher.js`), children: [7, 8] },
      { id: 7, callFrame: frame('mapSpan', `${src}/handler/span.js`), children: [9] },
      { id: 8, callFrame: frame('appended', `${src}/batch/batcher.js`), children: [10] },
      { id: 9, callFrame: frame('copy') },
      { id: 10, callFrame: frame('put', `${src}/store/null.js`) },
    ],
    samples: [2, 3, 4, 5, 6, 7, 8, 9, 10],
    timeDeltas: [0, 1, 2, 4, 8, 16, 32, 64, 128, 256],
  })
  t.same(times, { receive: 8, decode: 16, rows: 32 + 128, batch: 64, store: 256, gc: 2, native: 4, other: 0 })
})

t.test('--other needs three ports and a process', async (t) => {
  t.same(parseOther('tcp=1,stat=2,span=3,pid=4'), { tcp: 1, stat: 2, span: 3, pid: 4 })
  t.same(parseOther('tcp=1, stat=2,span=3,pid=4,log=/tmp/a=b.log').log, '/tmp/a=b.log')
  t.throws(() => parseOther('tcp=1,stat=2,span=3'), /pid=N/)
  t.throws(() => parseOther('tcp=x,stat=2,span=3,pid=4'), /tcp=N/)
})

t.test('refusals of the original are the highest count of each executor', async (t) => {
  const log = [
    '2026-01-02 10:00:01.123 [WARN ](SpanDispatch ) RejectedExecutionCount=100',
    '2026-01-02 10:00:09.456 [WARN ](SpanDispatch ) RejectedExecutionCount=200',
    '2026-01-02 10:00:09.789 [WARN ](StatDispatch ) RejectedExecutionCount=102',
    'INFO  something else',
  ]
  t.equal(refusedInLog(log.join('\n')), 302)
})

t.test('the stub acknowledges every action under its index', async (t) => {
  const mutation = { mutateType: 2, associatedCellCount: 1, row: Buffer.alloc(300, 7) }
  const region = (indexes: number[]): object => ({
    region: { type: 1, value: Buffer.from('Traces,,1.x.') },
    action: indexes.map((index) => ({ index, mutation })),
  })
  const many = Array.from({ length: 400 }, (_, i) => i)
  const request = encode('MultiRequest', { regionAction: [region([0, 5, 300, 70_000]), region(many)], nonceGroup: 9 })
  const answer = decode<{ regionActionResult: { resultOrException: { index: number; result: object }[] }[] }>(
    'MultiResponse',
    multiAnswer(request),
  )
  t.same(
    answer.regionActionResult.map((r) => r.resultOrException.map(({ index }) => index)),
    [[0, 5, 300, 70_000], many],
  )
  t.ok(answer.regionActionResult[0].resultOrException.every(({ result }) => result !== undefined))
})
