import t from 'tap'
import { drops, leftOut, pipeline, type TestPipeline } from '../../builders/pipeline.js'
import {
  ACCEPTED,
  BACK_SPAN,
  CHILD_SPAN,
  HTTP_EVENT,
  METHOD_EVENT,
  MYSQL_EVENT,
  NO_DESTINATION_SPAN,
  ROOT_SPAN,
  SLOT,
} from '../../builders/pipeline-messages.js'
import { cellValue, golden, long, pad24, rev, tablesOf } from '../../builders/rows.js'
import type { Plain } from '../../builders/thrift-idl.js'

const ALL = ['Traces', 'ApplicationTraceIndex', 'HostApplicationMap_Ver2']

function given(...spans: Plain[]): TestPipeline {
  const p = pipeline()
  for (const span of spans) p.give('TSpan', span)
  return p
}

/** What of the counts is there: table and salted row, column. */
function counts(p: TestPipeline): string[] {
  return p
    .lines()
    .filter((line) => line.startsWith('INC'))
    .map((line) => line.slice(4))
    .sort()
}

function hex(s: string): string {
  return Buffer.from(s).toString('hex')
}

t.test('rows come in the order of the original', async (t) => {
  t.strictSame(tablesOf(given(BACK_SPAN).rows()), ALL)
})

t.test('no host mapping without an acceptor host; one without a parent has no name and type 0', async (t) => {
  t.strictSame(tablesOf(given(CHILD_SPAN).rows()), ALL.slice(0, 2))
  const rows = given({ ...ROOT_SPAN, acceptorHost: 'h:8080' }).rows()
  const host = rows.find((r) => r.table === 'HostApplicationMap_Ver2')!
  t.equal(host.key.subarray(1).toString('hex'), `${pad24('')}0000${rev(SLOT)}`)
  t.equal(host.cells[0].qualifier.toString('hex'), `0c${hex('h:8080')}0a${hex('FRONT')}03f2`)
  t.equal(host.cells[0].value.length, 0)
})

t.test('the host mapping is written once a minute', async (t) => {
  const p = given(BACK_SPAN, BACK_SPAN)
  p.clock.now = ACCEPTED + 60_000
  p.give('TSpan', BACK_SPAN)
  p.give('TSpan', BACK_SPAN)
  const keys = p
    .rows()
    .filter((r) => r.table === 'HostApplicationMap_Ver2')
    .map((r) => r.key.toString('hex', 1))
  t.strictSame(keys, [`${pad24('FRONT')}03f2${rev(SLOT)}`, `${pad24('FRONT')}03f2${rev(SLOT + 60_000)}`])
})

t.test('every row of a span carries one accept time, and its minute', async (t) => {
  const p = pipeline()
  p.clock.now = SLOT - 1
  p.give('TSpan', BACK_SPAN)
  p.clock.now = SLOT
  p.give('TSpan', BACK_SPAN)
  p.clock.now = SLOT - 1
  p.give('TSpan', CHILD_SPAN)
  t.strictSame([...new Set(p.rows().map((r) => r.time))], [SLOT - 1, SLOT])
  const selfRows = counts(p).filter((line) => line.startsWith('Self'))
  t.strictSame(
    selfRows.map((line) => line.slice(-16)),
    [long(2), long(1)],
    'the clock went back over the minute',
  )
})

t.test('user and parent are counted independently', async (t) => {
  const both = { ...ROOT_SPAN, spanEventList: [], parentApplicationName: 'P', parentApplicationType: 1010 }
  t.strictSame(
    counts(given(both)).map((line) => line.split(' ')[0]),
    ['Callee_Ver2', 'Caller_Ver2', 'Caller_Ver2', 'Self_Ver2'],
  )
  t.strictSame(
    counts(given(CHILD_SPAN)).map((line) => line.split(' ')[0]),
    ['Self_Ver2'],
    'neither',
  )
})

t.test('the application service type is counted in the place of the service type, and both are stored', async (t) => {
  const p = given({ ...CHILD_SPAN, serviceType: 1011, applicationServiceType: 1210 })
  t.match(cellValue(p.rows(), 'Traces', 'S'), new RegExp(`${hex('BACK')}03f30101.*0104ba00$`))
  t.match(counts(p)[0], new RegExp(`${hex('BACK')}04ba`))
})

t.test('events beyond the sequence limit are counted and not stored', async (t) => {
  const events = [-1, 10_000, 10_001, 32_767, -32_768].map((sequence) => ({ ...MYSQL_EVENT, sequence }))
  const p = given({ ...CHILD_SPAN, spanEventList: events })
  const stored = p
    .rows()[0]
    .cells.filter((c) => c.family === 'T')
    .map((c) => c.qualifier.readInt16BE(8))
  t.strictSame(stored, [-1, 10_000, -32_768])
  t.ok(counts(p).some((line) => line.startsWith('Callee') && line.endsWith(long(5))))
})

t.test('a span of the largest and smallest numbers', async (t) => {
  const max = '9223372036854775807'
  const p = given({
    ...CHILD_SPAN,
    agentStartTime: max,
    spanId: max,
    parentSpanId: '-9223372036854775808',
    startTime: -1,
    elapsed: -300,
    flag: -1,
    err: -1,
    apiId: -2147483648,
    loggingTransactionInfo: -1,
    serviceType: -2,
  })
  t.equal(
    cellValue(p.rows(), 'Traces', 'S', '7fffffffffffffff'),
    `000c${hex('back-1')}ffffffffffffffff7f8000000000000000ffffffffffffffffff01d4fdffffffffffffff010108${hex('BACK')}fffe0101ffffffff0f0100ffff00ff`,
  )
  t.equal(cellValue(p.rows(), 'ApplicationTraceIndex', 'I'), `d4fdffffffffffffff01010c${hex('back-1')}`)
})

t.test('an application name that does not fit the index: only Traces', async (t) => {
  const fits = given({ ...BACK_SPAN, applicationName: '서비스서비스서비' })
  t.strictSame([tablesOf(fits.rows()), leftOut(fits)], [ALL, {}], '24 bytes fit')
  for (const name of ['x'.repeat(25), '서비스서비스서비스']) {
    const p = given({ ...BACK_SPAN, applicationName: name, spanEventList: [MYSQL_EVENT] })
    t.strictSame(tablesOf(p.rows()), ['Traces'])
    t.strictSame(counts(p), [])
    t.strictSame(leftOut(p), { application_name_too_long: 1 })
    t.equal(p.rows()[0].cells.length, 2, 'with its event')
    t.equal(p.accounting.inFlight, 1, 'the span is not dropped')
  }
})

t.test('an absent or empty application name: only Traces', async (t) => {
  const { applicationName, ...without } = BACK_SPAN
  t.ok(applicationName)
  for (const span of [without, { ...without, applicationName: '' }]) {
    const p = given({ ...span, spanEventList: [MYSQL_EVENT] })
    t.strictSame([tablesOf(p.rows()), counts(p), leftOut(p)], [['Traces'], [], { application_name_missing: 1 }])
  }
})

t.test('a parent name that does not fit: no host mapping and no count for the parent, all else', async (t) => {
  const p = given({ ...BACK_SPAN, parentApplicationName: 'x'.repeat(25), spanEventList: [MYSQL_EVENT] })
  t.strictSame(tablesOf(p.rows()), ALL.slice(0, 2))
  t.strictSame(leftOut(p), { parent_application_name_too_long: 1 })
  t.strictSame(
    counts(p).map((line) => line.split(' ')[0]),
    ['Callee_Ver2', 'Caller_Ver2', 'Self_Ver2'],
  )
})

t.test('an empty parent name is no caller', async (t) => {
  const p = given({ ...BACK_SPAN, parentApplicationName: '' })
  t.strictSame(tablesOf(p.rows()), ALL)
  t.strictSame(
    counts(p).map((line) => line.split(' ')[0]),
    ['Self_Ver2'],
  )
  t.strictSame(leftOut(p), {})
})

t.test('names that grow when they are repaired', async (t) => {
  const ff = (n: number): Plain => ({ $hex: 'ff'.repeat(n) })
  const app = given({ ...BACK_SPAN, applicationName: ff(9) })
  t.strictSame([tablesOf(app.rows()), counts(app), leftOut(app)], [['Traces'], [], { name_too_long: 1 }])
  const parent = given({ ...BACK_SPAN, parentApplicationName: ff(9) })
  t.strictSame(
    [tablesOf(parent.rows()), leftOut(parent)],
    [ALL.slice(0, 2), { name_too_long: 1 }],
    'the index row stays',
  )
  const fits = given({ ...BACK_SPAN, parentApplicationName: ff(8) })
  t.strictSame([tablesOf(fits.rows()), leftOut(fits)], [ALL, {}])
  const host = given({ ...BACK_SPAN, acceptorHost: ff(30_000) })
  t.strictSame([tablesOf(host.rows()), leftOut(host)], [ALL.slice(0, 2), { too_long: 1 }], 'no room for its length')
})

t.test('without an agent id nothing is counted', async (t) => {
  const { agentId, ...span } = ROOT_SPAN
  t.ok(agentId)
  const p = given({ ...span, acceptorHost: 'h' })
  t.strictSame([tablesOf(p.rows()), counts(p), leftOut(p)], [ALL, [], { agent_id_missing: 1 }])
  t.equal(p.rows()[0].key.toString('hex', 1, 25), pad24(''), 'nor has the transaction an agent')
  t.match(cellValue(p.rows(), 'Traces', 'S'), /^0001c0aba1f7d32b/)
})

t.test('an agent id that is longer than 24 bytes does no harm where the transaction has another', async (t) => {
  const agentId = 'y'.repeat(30)
  t.strictSame(tablesOf(given({ ...BACK_SPAN, agentId }).rows()), ALL)
  const p = given({ ...ROOT_SPAN, agentId })
  t.strictSame([p.rows(), drops(p)], [[], { nameTooLong: 1 }], 'the transaction is named by it')
})

t.test('bad transaction ids lose the span', async (t) => {
  for (const $hex of ['', '01', '00', '0001c0ab', '0128c0aba1f7d32b2a', '0028c0aba1f7d32b2a']) {
    const p = given({ ...ROOT_SPAN, transactionId: { $hex } })
    t.strictSame([p.rows(), counts(p), drops(p)], [[], [], { badTransactionId: 1 }], $hex)
  }
  const { transactionId, ...without } = ROOT_SPAN
  t.ok(transactionId)
  t.strictSame(drops(given(without)), { badTransactionId: 1 })
})

t.test('an event that cannot be counted costs no other', async (t) => {
  const all = given({ ...CHILD_SPAN, spanEventList: [MYSQL_EVENT, HTTP_EVENT] })
  const expected = counts(all)
  const endless = { ...HTTP_EVENT, destinationId: 'x'.repeat(32_768), sequence: 3 }
  const bad = given({
    ...CHILD_SPAN,
    spanEventList: [{ ...HTTP_EVENT, destinationId: undefined! }, MYSQL_EVENT, HTTP_EVENT].map(defined),
  })
  t.strictSame(counts(bad), expected)
  t.strictSame(leftOut(bad), { event_without_destination: 1 })
  const long = given({ ...CHILD_SPAN, spanEventList: [endless, MYSQL_EVENT, HTTP_EVENT] })
  const found = counts(long)
  t.ok(expected.every((line) => found.includes(line)))
  t.strictSame(leftOut(long), { too_long: 1 })
  t.equal(found.length, expected.length + 1, 'the Callee table has no limit of length')
  t.equal(long.accounting.counts.taken, found.length, 'what is counted is taken')
  t.equal(given(NO_DESTINATION_SPAN).rows()[0].cells.length, 3, 'Traces is complete')
})

function defined(plain: Plain): Plain {
  return Object.fromEntries(Object.entries(plain).filter(([, v]) => v !== undefined))
}

t.test('an empty destination counts', async (t) => {
  const p = given({ ...CHILD_SPAN, spanEventList: [{ ...HTTP_EVENT, destinationId: '' }] })
  t.ok(counts(p).some((line) => /^Caller_Ver2 ..0000235c/.test(line)))
  t.strictSame(leftOut(p), {})
})

t.test('types that came after 1.5.2 are counted under their own codes', async (t) => {
  const p = given({ ...CHILD_SPAN, serviceType: 1050, spanEventList: [{ ...HTTP_EVENT, serviceType: 9080 }] })
  const found = counts(p)
  t.ok(found.some((line) => line.startsWith('Self') && line.includes(`${hex('BACK')}041a`)))
  t.ok(found.some((line) => line.startsWith('Callee') && line.includes('C:2378')))
})

t.test('a span whose rows are too large is dropped whole', async (t) => {
  const p = pipeline({ maxMessageBytes: 4000 })
  p.give('TSpan', BACK_SPAN)
  const before = p.rows()
  const events = Array.from({ length: 100 }, (_, sequence) => ({ ...METHOD_EVENT, sequence }))
  p.give('TSpan', { ...ROOT_SPAN, spanEventList: events })
  t.strictSame(p.rows(), before)
  t.strictSame(drops(p), { tooLarge: 1 })
  t.strictSame(leftOut(p), {})
  t.equal(counts(p).length, golden('TSpan BACK').filter((line) => line.startsWith('INC')).length)
})
