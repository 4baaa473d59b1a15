import t from 'tap'
import { describeSettings } from '../../../src/config/describe.js'
import { defaultSettings } from '../../../src/config/settings.js'
import type { HealthReport, Introspection } from '../../../src/http/introspection.js'
import { createHttpServer, type HttpOptions } from '../../../src/http/server.js'

const READY: HealthReport = { ready: true, checks: [{ name: 'store', ok: true }] }

function introspection(replaced: Partial<Introspection> = {}): Introspection {
  return {
    metricsText: async () => 'pinpoint_build_info 1\n',
    health: async () => READY,
    agents: async () => [],
    pipeline: async () => ({
      workers: 1,
      queueBytes: 2,
      queueMaxBytes: 3,
      batchesInFlight: 0,
      messagesInFlight: 0,
      dropped: {},
      spill: { bytes: 0, messages: 0, records: { written: 0, replayed: 0, dropped: 0 } },
      tables: [],
      servers: [],
    }),
    config: async () => describeSettings(defaultSettings({ httpPassword: 's3cret' })),
    listening: () => null,
    ...replaced,
  }
}

interface Answer {
  status: number
  headers: Record<string, unknown>
  text: string
}

async function get(path: string, options: Partial<HttpOptions> = {}, authorization?: string): Promise<Answer> {
  const server = createHttpServer({
    introspection: introspection(),
    log: { error: () => {} },
    password: null,
    ...options,
  })
  const headers = authorization === undefined ? {} : { authorization }
  const { statusCode, headers: answered, body } = await server.inject({ method: 'GET', url: path, headers })
  await server.close()
  return { status: statusCode, headers: answered, text: body }
}

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`

t.test('health', async (t) => {
  t.match(await get('/health/live'), { status: 200, text: '{"status":"live"}' })
  t.match(await get('/health/ready'), { status: 200, text: /"status":"ready","reasons":\[\]/ })
  const health = async (): Promise<HealthReport> => ({
    ready: false,
    checks: [
      { name: 'store', ok: false, reason: 'no region server answers; start HBase' },
      { name: 'tables', ok: true },
    ],
    details: { regionServers: 0 },
  })
  const answer = await get('/health/ready', { introspection: introspection({ health }) })
  t.equal(answer.status, 503)
  t.match(JSON.parse(answer.text), {
    status: 'not ready',
    reasons: ['store: no region server answers; start HBase'],
    details: { regionServers: 0 },
  })
})

t.test('metrics, debug pages and the index', async (t) => {
  const metrics = await get('/metrics')
  t.match(metrics, { status: 200, text: 'pinpoint_build_info 1\n' })
  t.match(metrics.headers['content-type'], /^text\/plain; version=0.0.4/)
  t.match(await get('/debug/agents'), { status: 200, text: '{"agents":[]}' })
  t.match(JSON.parse((await get('/debug/pipeline')).text), { queueBytes: 2 })
  const index = await get('/')
  t.match(index.headers['content-type'], /^text\/html/)
  for (const path of ['/debug/agents', '/debug/pipeline', '/debug/config', '/metrics', '/health/ready']) {
    t.ok(index.text.includes(`href="${path}"`), path)
  }
  t.equal((await get('/', { index: false })).status, 404, 'the index makes room for a page')
})

t.test('/debug/config tells where agents connect', async (t) => {
  const listening = { hostName: 'box', tcp: 1, stat: 2, span: 3 }
  const { text } = await get('/debug/config', { introspection: introspection({ listening: () => listening }) })
  t.strictSame(JSON.parse(text).listening, listening)
})

t.test('secrets are masked in /debug/config', async (t) => {
  const { text } = await get('/debug/config')
  t.notMatch(text, /s3cret/)
  t.match(
    JSON.parse(text).settings.find((s: { name: string }) => s.name === 'http.password'),
    { value: '***' },
  )
})

t.test('every answer has the security headers', async (t) => {
  for (const path of ['/', '/metrics', '/nothing', '/debug/agents']) {
    const { headers } = await get(path, path === '/debug/agents' ? { password: 'x' } : {})
    t.match(headers, { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'cache-control': 'no-store' })
    t.match(headers['content-security-policy'], /^default-src 'self'/)
  }
})

t.test('unknown paths and failures are JSON', async (t) => {
  const nothing = await get('/nothing?x=<b>')
  t.equal(nothing.status, 404)
  t.match(JSON.parse(nothing.text), {
    error: 'not_found',
    message: 'There is nothing at /nothing; / lists what there is.',
  })
  const logged: unknown[] = []
  const failing = introspection({ agents: () => Promise.reject(new Error('secret detail')) })
  const failed = await get('/debug/agents', {
    introspection: failing,
    log: { error: (...args: unknown[]) => void logged.push(args) },
  })
  t.equal(failed.status, 500)
  t.same(JSON.parse(failed.text), { error: 'internal', message: 'The page failed; see the log of the collector.' })
  t.equal(logged.length, 1)
  t.match(await get('/%'), { status: 400, text: /"error":/ })
})

t.test('the password guards all but health and metrics', async (t) => {
  const password = 'päss:word'
  for (const path of ['/', '/debug/agents', '/debug/config', '/debug/pipeline', '/nothing', '//health/live']) {
    const denied = await get(path, { password })
    t.equal(denied.status, 401, path)
    t.match(denied.headers['www-authenticate'], /^Basic realm=/)
    t.notMatch(denied.text, /settings"/)
    t.not((await get(path, { password }, basic(`any:${password}`))).status, 401, path)
  }
  for (const path of ['/health/live', '/health/ready', '/metrics'])
    t.equal((await get(path, { password })).status, 200, path)
  for (const wrong of [
    basic('any:wrong'),
    basic(password),
    basic(''),
    'Basic ',
    'Bearer x',
    `${basic(`a:${password}`)}x!`,
  ]) {
    t.equal((await get('/debug/agents', { password }, wrong)).status, 401, wrong)
  }
})
