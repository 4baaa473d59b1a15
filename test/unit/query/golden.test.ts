import Fastify from 'fastify'
import t from 'tap'
import { addApi } from '../../../src/http/api/api.js'
import { answerErrorsAsJson } from '../../../src/http/errors.js'
import { loadDump } from '../../builders/dump-rows.js'
import { GOLDEN_LIMITS, goldenRows, injectedJson, readGolden } from '../../builders/golden.js'
import { canonical, differences } from '../../parity/canonical.js'
import { knownReason } from '../../parity/known-differences.js'
import { openStore, scratchDir } from '../store/rows.js'

// Rows that the original collector 1.5.2 wrote, and what the original web 1.5.2 answered from them
// (test/parity/record-golden.ts made the files).

const MOST_DIFFERENCES = 50
const { now, answers } = readGolden()

t.test('the embedded store gives the answers of the original web for its rows', async (t) => {
  const store = openStore(t, { dataDir: scratchDir(t), now: () => now })
  await store.ensureTables()
  const rows = goldenRows()
  t.equal(await loadDump(store, rows), rows.length - 1)
  const server = Fastify({ logger: false })
  t.teardown(() => server.close())
  answerErrorsAsJson(server, { error: (...told: unknown[]) => t.fail('an answer failed', { told }) })
  addApi(server, { store, limits: GOLDEN_LIMITS, maxRunning: 4, now: () => now })
  for (const { request, json } of answers) {
    const ours = await injectedJson(server, request)
    const found = differences(canonical(ours), canonical(json), MOST_DIFFERENCES).filter(
      (difference) => knownReason(request, difference) === undefined,
    )
    t.same(found.slice(0, 3), [], `${request.route} ${JSON.stringify(request.query)}`)
  }
})

t.test('every route with an answer of its own is recorded, and says something', async (t) => {
  const recorded = new Set(answers.map(({ request }) => request.route))
  for (const route of [
    ...['applications', 'getAgentList', 'getAgentInfo', 'getAgentStatus', 'getAgentStat', 'getAgentEvents'],
    ...['getAgentEvent', 'getApplicationHostInfo', 'getServerMapData', 'getResponseTimeHistogramData'],
    ...['getScatterData', 'transactionmetadata', 'transactionInfo', 'sqlBind', 'getFilteredServerMapData'],
    ...['getFilteredServerMapDataMadeOfDotGroup', 'admin/agentIdMap', 'admin/duplicateAgentIdMap'],
  ])
    t.ok(recorded.has(route), route)
  const text = JSON.stringify(answers)
  for (const sign of ['"USER"', '"UNKNOWN"', '한글', 'Thread dump by user', 'Exception', 'MYSQL'])
    t.ok(text.includes(sign), sign)
})
