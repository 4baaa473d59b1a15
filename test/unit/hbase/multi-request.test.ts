import t from 'tap'
import { table } from '../../../src/row/tables.js'
import { CellBlockReader } from '../../../src/store/hbase/cell-block.js'
import { FrameBuffers } from '../../../src/store/hbase/frame-buffers.js'
import { multiFrame } from '../../../src/store/hbase/multi-request.js'
import { incrementRows, putRows } from '../../../src/store/hbase/mutation-rows.js'
import { type Region, regionSpecifier } from '../../../src/store/hbase/region.js'
import { decode, decodeDelimited, type MultiRequest, type RequestHeader } from '../../builders/hbase-proto.js'
import { batchOf } from '../../builders/store-rows.js'

function region(tableName: string, name: string): Region {
  const nothing = Buffer.alloc(0)
  const place = { host: 'h', port: 1, server: 'h:1', startCode: 1 }
  const specifier = regionSpecifier(Buffer.from(name))
  return { table: tableName, name: Buffer.from(name), start: nothing, end: nothing, ...place, specifier }
}

function parts(frame: Buffer): { header: RequestHeader; request: MultiRequest; cells: Buffer } {
  t.equal(frame.readUInt32BE(), frame.length - 4, 'the length does not count itself')
  const { message: header, rest } = decodeDelimited<RequestHeader>('RequestHeader', frame.subarray(4))
  const cellBytes = header.cellBlockMeta?.length ?? 0
  const { rest: cells } = decodeDelimited('MultiRequest', rest)
  t.equal(cells.length, cellBytes)
  const param = rest.subarray(0, rest.length - cellBytes)
  let at = 0
  while (param[at++] > 127);
  return { header, request: decode<MultiRequest>('MultiRequest', param.subarray(at)), cells }
}

t.test('a put is one action with its cells in the block, all with the accept time', async (t) => {
  const batch = batchOf(
    [
      {
        table: 'Traces',
        key: 'row',
        cells: [
          [0, 'q', 'value'],
          [2, '', ''],
        ],
      },
    ],
    0x123456789ab,
  )
  const frame = multiFrame(
    putRows(batch),
    [{ region: region('Traces', 'name'), rows: [0] }],
    0,
    300,
    5000,
    new FrameBuffers(),
  )
  const { header, request, cells } = parts(frame)
  t.match(header, { callId: 300, methodName: 'Multi', requestParam: true, timeout: 5000 })
  t.strictSame(request, {
    regionAction: [
      {
        region: { type: 1, value: Buffer.from('name') },
        action: [{ index: 0, mutation: { mutateType: 2, associatedCellCount: 2, attribute: [] } }],
      },
    ],
  })
  // length, key length, value length | row | family | qualifier | timestamp | type Put
  const first = ['0000001e', '00000011', '00000005', '0003726f77', '0153', '71', '00000123456789ab', '04', '76616c7565']
  const bytes = first.join('')
  t.equal(cells.subarray(0, bytes.length / 2).toString('hex'), bytes)
  const reader = new CellBlockReader(cells)
  t.match(reader.next(), { family: 'S', timestamp: 0x123456789ab, value: Buffer.from('value') })
  t.match(reader.next(), { family: 'T', timestamp: 0x123456789ab, value: Buffer.alloc(0) })
  t.ok(reader.atEnd)
})

t.test('rows keep their number whatever region they go to, and cells follow the order of the actions', async (t) => {
  const rows = Array.from({ length: 300 }, (_, i) => ({
    table: 'ApplicationTraceIndex',
    key: `row-${i}`,
    cells: [[0, `q${i}`, 'x'.repeat(i)]] as [number, string, string][],
  }))
  const evens = rows.map((_, i) => i).filter((i) => i % 2 === 0)
  const odds = rows.map((_, i) => i).filter((i) => i % 2 === 1)
  const frame = multiFrame(
    putRows(batchOf(rows)),
    [
      { region: region('ApplicationTraceIndex', 'b'), rows: odds },
      { region: region('ApplicationTraceIndex', 'a'), rows: evens },
    ],
    0,
    1,
    1,
    new FrameBuffers(),
  )
  const { request, cells } = parts(frame)
  const reader = new CellBlockReader(cells)
  const order = request.regionAction.flatMap((r) => r.action.map((a) => a.index))
  t.strictSame(order, [...odds, ...evens])
  for (const i of order) {
    const cell = reader.next()
    t.equal(cell.row.toString(), `row-${i}`)
    t.equal(cell.qualifier.toString(), `q${i}`)
    t.equal(cell.value.length, i)
  }
})

t.test('an increment has a nonce and lets the server set the time', async (t) => {
  const id = table('ApplicationMapStatisticsSelf_Ver2').id
  const columns = [{ qualifier: Buffer.from('q'), delta: 2 ** 40 + 1 }]
  const source = incrementRows([{ table: id, key: Buffer.from('k'), columns, time: 0 }], {
    group: 2 ** 46 + 1,
    first: 2 ** 45 + 3,
  })
  const { request, cells } = parts(
    multiFrame(source, [{ region: region('S', 'n'), rows: [0] }], 2 ** 46 + 1, 1, 1, new FrameBuffers()),
  )
  t.equal(request.nonceGroup, 2 ** 46 + 1)
  t.strictSame(request.regionAction[0].action[0].mutation, {
    mutateType: 1,
    associatedCellCount: 1,
    nonce: 2 ** 45 + 3,
    attribute: [],
  })
  const cell = new CellBlockReader(cells).next()
  t.equal(cell.value.readBigInt64BE(), 2n ** 40n + 1n)
  t.equal(cells.subarray(-17, -9).toString('hex'), '7fffffffffffffff', 'HConstants.LATEST_TIMESTAMP')
})
