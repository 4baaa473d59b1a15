import t from 'tap'
import { TABLES, table } from '../../../src/row/tables.js'
import { serverFailure } from '../../../src/store/hbase/call-failure.js'
import { compareSchema, splitKeys, tableSchema } from '../../../src/store/hbase/schema.js'

const TRACES = table('Traces')

t.test('tables have the families, the TTL and the encoding of the schema', async (t) => {
  const schema = tableSchema(TRACES, 60)
  t.strictSame(
    schema.columnFamilies.map((f) => String(f.name)),
    ['S', 'A', 'T'],
  )
  t.strictSame(
    schema.columnFamilies[0].attributes.map((a) => `${a.first}=${a.second}`),
    ['VERSIONS=1', 'TTL=60', 'DATA_BLOCK_ENCODING=PREFIX'],
  )
  for (const each of TABLES) t.equal(compareSchema(each, each.ttl, tableSchema(each, each.ttl)), null, each.name)
})

t.test('split keys are one byte and fifteen zeros', async (t) => {
  const keys = splitKeys(table('AgentStat')).map((k) => k.toString('hex'))
  t.equal(keys.length, 15)
  t.equal(keys[0], `02${'00'.repeat(15)}`)
  t.equal(keys[14], `1e${'00'.repeat(15)}`)
  t.equal(splitKeys(TRACES).at(-1)?.[0], 0x3f)
  t.strictSame(splitKeys(table('AgentInfo')), [])
})

t.test('a missing table or family is fatal, another TTL or encoding is named', async (t) => {
  t.match(compareSchema(TRACES, 60, undefined), { fatal: true, problem: /missing/ })
  const schema = tableSchema(TRACES, 60)
  const two = { ...schema, columnFamilies: schema.columnFamilies.slice(0, 2) }
  t.match(compareSchema(TRACES, 60, two), { fatal: true, problem: /no family T/ })
  t.match(compareSchema(TRACES, 61, schema), { fatal: false, problem: /family S has TTL 60, not 61/ })
  const bare = { ...schema, columnFamilies: schema.columnFamilies.map((f) => ({ ...f, attributes: [] })) }
  t.match(compareSchema(TRACES, 60, bare), {
    fatal: false,
    problem: /TTL FOREVER.*DATA_BLOCK_ENCODING NONE, not PREFIX/,
  })
})

t.test('what a Java exception means for its rows', async (t) => {
  const hbase = 'org.apache.hadoop.hbase.'
  const cases: [string, string, string, string][] = [
    ['NotServingRegionException', 'x', 'stale', 'not_serving_region'],
    ['exceptions.RegionMovedException', 'Region moved to: hostname=h', 'stale', 'region_moved'],
    ['exceptions.RegionOpeningException', 'x', 'stale', 'region_opening'],
    ['RegionTooBusyException', 'x', 'busy', 'region_too_busy'],
    ['CallQueueTooBigException', 'x', 'busy', 'call_queue_too_big'],
    ['regionserver.NoSuchColumnFamilyException', 'x', 'permanent', 'no_such_family'],
    ['DoNotRetryIOException', 'Cell with size 11534336 exceeds limit of 10485760 bytes', 'permanent', 'too_large'],
    ['DoNotRetryIOException', 'x', 'permanent', 'rejected'],
    ['exceptions.OperationConflictException', 'x', 'applied', 'applied'],
    ['exceptions.TimeoutIOException', 'x', 'later', 'server_error'],
  ]
  for (const [name, text, kind, reason] of cases) t.match(serverFailure(hbase + name, text), { kind, reason }, name)
  t.match(serverFailure('java.io.IOException', 'disk', false), { kind: 'later', retriable: true })
  t.match(serverFailure('some.NewException', 'no', true), { kind: 'permanent', retriable: false })
})
