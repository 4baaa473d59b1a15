import t from 'tap'
import { saltedKey } from '../../../src/row/rowkey.js'
import { table } from '../../../src/row/tables.js'
import { multiGetRequest, scanRequest, scanResponse } from '../../../src/store/hbase/proto.js'
import type { FakeAnswer, FakeCall } from '../../builders/fake-region-server.js'
import { encodeCell } from '../../builders/hbase-cells.js'
import { cluster } from '../../builders/hbase-cluster.js'
import { encode, javaException } from '../../builders/hbase-proto.js'
import { traceKey } from '../store/rows.js'

const TRACES = table('Traces')
const KEYS = Array.from({ length: 250 }, (_, n) => Buffer.from(saltedKey(TRACES.salt, traceKey('agent', n))))
const stored = (key: Buffer): boolean => key[key.length - 1] % 10 !== 3
const cellOf = (row: Buffer): Buffer => encodeCell({ row, family: 'S', qualifier: 'q', value: row })

interface Asked {
  regionAction: { action: { index: number; get: { row: Buffer } }[] }[]
}

/** What a server says to a Multi call; @param failing rows that it answers with an exception */
function answerTo(call: FakeCall, failing: (row: Buffer) => boolean): FakeAnswer {
  const { regionAction } = decodeGets(call.param)
  const cells: Buffer[] = []
  const regionActionResult = regionAction.map(({ action }) => ({
    resultOrException: action.map(({ index, get: { row } }) => {
      if (failing(row)) return { index, exception: javaException('MultiActionResultTooLarge') }
      if (!stored(row)) return { index, result: { associatedCellCount: 0 } }
      cells.push(cellOf(row))
      return { index, result: { associatedCellCount: 1 } }
    }),
  }))
  return { param: encode('MultiResponse', { regionActionResult }), cells: Buffer.concat(cells) }
}

function decodeGets(param: Buffer): Asked {
  return multiGetRequest.decode(param) as unknown as Asked
}

/** A single get, as a scan of one row. */
function answerToScan(call: FakeCall): FakeAnswer | undefined {
  const row = Buffer.from(scanRequest.decode(call.param).scan?.startRow ?? '')
  if (row.length !== KEYS[0].length) return undefined
  const cellsPerResult = stored(row) ? [1] : []
  const param = scanResponse.encode({ cellsPerResult, results: [], moreResults: true, moreResultsInRegion: false })
  return { param, ...(stored(row) && { cells: cellOf(row) }) }
}

const wanted = KEYS.map((key) => (stored(key) ? key.toString('hex') : undefined))

t.test('rows are asked for by one call a hundred of a server, and come in the order of their keys', async (t) => {
  const [hbase, store] = await cluster(t, 2)
  hbase.regions.length = 0
  hbase.addTable('Traces', '\u0010', '\u0020')
  hbase.onCall = (call) => (call.method === 'Multi' ? answerTo(call, () => false) : undefined)
  const rows = await store.getAll(TRACES, KEYS)
  t.strictSame(
    rows.map((row) => row?.cells[0].value.toString('hex')),
    wanted,
  )
  const calls = hbase.calls.filter(({ method }) => method === 'Multi')
  t.strictSame(new Set(calls.map(({ server }) => server)), new Set([0, 1]))
  t.ok(calls.length <= 4, `${calls.length} calls`)
})

t.test('what such a call does not answer is asked for one by one', async (t) => {
  for (const how of ['rows', 'call', 'connection'] as const) {
    const [hbase, store] = await cluster(t, 2)
    hbase.onCall = (call) => {
      if (call.method === 'Scan') return answerToScan(call)
      if (how === 'rows') return answerTo(call, (row) => row[row.length - 1] % 7 === 0)
      if (how === 'connection') return { cut: true }
      return { exception: { exceptionClassName: 'CallQueueTooBigException', stackTrace: '' } }
    }
    const rows = await store.getAll(TRACES, KEYS.slice(0, 60))
    t.strictSame(
      rows.map((row) => row?.cells[0].value.toString('hex')),
      wanted.slice(0, 60),
      how,
    )
  }
})
