import t from 'tap'
import { AUTHORIZATION, bindCall, type Call, call, provisionCall, testBroker, USER } from '../../builders/broker.js'

// spec: operations.md §7.1, §7.2, §7.8

const CATALOG: Call = { method: 'GET', path: '/v2/catalog' }
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`

t.test('the catalog is that of the service pack', async (t) => {
  const { server } = testBroker()
  const { status, body } = await call(server, CATALOG)
  t.equal(status, 200)
  t.same(body, {
    services: [
      {
        id: '801bd048-c570-4629-8539-301e68fe0611',
        name: 'Pinpoint',
        description: 'A simple pinpoint implementation',
        bindable: true,
        instances_retrievable: true,
        bindings_retrievable: true,
        plan_updateable: false,
        tags: ['pinpoint'],
        metadata: {
          displayName: 'Pinpoint Java APM',
          longDescription: 'Pinpoint Service',
          providerDisplayName: 'OpenPaas',
          documentationUrl: 'http://www.openpaas.org',
          supportUrl: 'http://www.openpaas.org',
        },
        plans: [
          {
            id: 'pinpoint_plan',
            name: 'Pinpoint_standard',
            description: 'This is a pinpoint instance default',
            metadata: {},
            free: true,
          },
        ],
      },
    ],
  })
})

t.test('every path asks for name and password', async (t) => {
  const { server, store, log } = testBroker()
  const wrong = [
    undefined,
    basic('admin:cloudfoundry'),
    basic('päss:word'),
    basic('Admin:päss:word'),
    basic(':päss:word'),
    basic(`${USER}:`),
    'Basic',
    'Bearer päss:word',
    `${AUTHORIZATION}!`,
  ]
  for (const authorization of wrong) {
    for (const tried of [CATALOG, provisionCall('i'), { method: 'GET', path: '/nothing' } as const]) {
      const answer = await call(server, { ...tried, headers: { authorization } })
      t.equal(answer.status, 401, `${authorization} on ${tried.path}`)
      t.match(answer.headers['www-authenticate'], /^Basic /)
      t.match(answer.body, { description: /broker\.username and broker\.password/ })
    }
  }
  t.equal(store.writes, 0)
  t.same(log, [], 'strangers write nothing into the log')
  t.equal((await call(server, CATALOG)).status, 200)
})

t.test('the version of the API is 2.x or 3.x, else 412', async (t) => {
  const { server, store } = testBroker()
  for (const version of ['2.4', '2.17', '3.0'])
    t.equal((await call(server, { ...CATALOG, headers: { 'x-broker-api-version': version } })).status, 200, version)
  for (const version of ['1.9', '4.0', '20.1', '2', '2.', '2.x', 'two', undefined]) {
    const tried = await call(server, { ...provisionCall('i'), headers: { 'x-broker-api-version': version } })
    t.equal(tried.status, 412, version ?? 'none')
    const shown = `Expected Version = 2.x, 3.x, Provided Version = ${version ?? 'none'} (header X-Broker-API-Version)`
    t.same(tried.body, { description: `The provided service broker API version is not supported: ${shown}` })
  }
  t.equal(store.writes, 0)
})

t.test('health and metrics need neither', async (t) => {
  const { server } = testBroker()
  await call(server, provisionCall('i'))
  await call(server, bindCall('i', 'b'))
  await call(server, { method: 'GET', path: '/nothing' })
  const strangers = { authorization: undefined, 'x-broker-api-version': undefined }
  for (const path of ['/health/live', '/health/ready'])
    t.equal((await call(server, { method: 'GET', path, headers: strangers })).status, 200, path)
  const { body } = await call(server, { method: 'GET', path: '/metrics', headers: strangers })
  for (const line of [
    'pinpoint_broker_requests_total{operation="provision",code="201"} 1',
    'pinpoint_broker_requests_total{operation="bind",code="201"} 1',
    'pinpoint_broker_requests_total{operation="none",code="404"} 1',
    'pinpoint_broker_instances 1',
    'pinpoint_broker_bindings{collector="10.30.70.45"} 1',
    'pinpoint_broker_bindings{collector="10.30.70.46"} 0',
    'pinpoint_broker_state_writes_total{ok="true"} 2',
    'pinpoint_broker_pending_calls 0',
  ])
    t.ok(String(body).includes(`${line}\n`), line)
})

t.test('unknown paths are 404, other methods 405', async (t) => {
  const { server } = testBroker()
  const nothing = await call(server, { method: 'GET', path: '/v2/nothing' })
  t.match(nothing, { status: 404, body: { description: /nothing at \/v2\/nothing/ } })
  const allowed = { '/v2/catalog': 'GET', '/v2/service_instances/i': 'GET, PUT, PATCH, DELETE' }
  for (const [path, allow] of Object.entries(allowed)) {
    const answer = await call(server, { method: 'POST', path, body: '{' })
    t.match(answer, { status: 405, headers: { allow }, body: { description: /only/ } }, path)
  }
  for (const path of ['/v2/service_instances/i/service_bindings/b', '/v2/service_instances/i/last_operation'])
    t.equal((await call(server, { method: 'PATCH', path })).status, 405, path)
})

t.test('what is not a request is refused with a description', async (t) => {
  const { server, store } = testBroker()
  const path = '/v2/service_instances/i'
  const refused: [string, Call, number][] = [
    ['no JSON', { method: 'PUT', path, body: '{"service_id":' }, 400],
    ['no body', { method: 'PUT', path, headers: { 'content-type': 'application/json' } }, 400],
    ['a list', { method: 'PUT', path, body: '[]' }, 400],
    ['null', { method: 'PUT', path, body: 'null' }, 400],
    [
      'a form',
      { method: 'PUT', path, body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      400,
    ],
    ['a prototype', { method: 'PUT', path, body: '{"__proto__":{"service_id":"x"}}' }, 400],
    ['too large', { method: 'PUT', path, body: { parameters: { a: 'x'.repeat(65 * 1024) } } }, 413],
    ['a long id', provisionCall('x'.repeat(256)), 414],
    ['a bad escape', provisionCall('%E0%A4%A'), 400],
  ]
  for (const [what, tried, status] of refused) {
    const answer = await call(server, tried)
    t.equal(answer.status, status, what)
    t.match(answer.body, { description: /./ }, what)
  }
  t.equal(store.writes, 0)
})

t.test('a body type without a body is no error', async (t) => {
  const { server } = testBroker()
  const headers = { 'content-type': 'application/json' }
  t.equal((await call(server, { ...CATALOG, headers })).status, 200)
  const path = '/v2/service_instances/none?service_id=a&plan_id=b'
  t.equal((await call(server, { method: 'DELETE', path, headers })).status, 410)
})

t.test('last operation: all is done at once; unknown is gone', async (t) => {
  const { server } = testBroker()
  await call(server, provisionCall('i'))
  await call(server, bindCall('i', 'b'))
  const get = (path: string): Promise<{ status: number; body: unknown }> => call(server, { method: 'GET', path })
  t.match(await get('/v2/service_instances/i/last_operation'), { status: 200, body: { state: 'succeeded' } })
  t.match(await get('/v2/service_instances/i/last_operation?service_id=a&plan_id=b&operation=c'), { status: 200 })
  t.match(await get('/v2/service_instances/i/service_bindings/b/last_operation'), {
    status: 200,
    body: { state: 'succeeded' },
  })
  for (const path of [
    '/v2/service_instances/none/last_operation',
    '/v2/service_instances/i/service_bindings/none/last_operation',
    '/v2/service_instances/none/service_bindings/b/last_operation',
  ]) {
    const { status, body } = await get(path)
    t.same([status, body], [410, {}], path)
  }
})

t.test('the identity of a request comes back, and who wanted it is in the log', async (t) => {
  const { server, log } = testBroker()
  const identity = 'cloudfoundry eyANCiAgInVzZXJfaWQiOiAiNjgzZWE3NDgtMzA5Mi00ZmY0LWI2NTYtMzljYWNjNGQ1MzYwIg0KfQ=='
  const headers = { 'x-broker-api-request-identity': 'r-1', 'x-broker-api-originating-identity': identity }
  const answer = await call(server, { ...provisionCall('i'), headers })
  t.equal(answer.headers['x-broker-api-request-identity'], 'r-1')
  const { fields, text } = log[0]
  t.equal(text, 'provision: 201')
  t.match(fields, {
    platform: 'cloudfoundry',
    user: '683ea748-3092-4ff4-b656-39cacc4d5360',
    request: 'r-1',
    instance_id: 'i',
  })
  for (const broken of ['cloudfoundry', 'cloudfoundry !!!', 'cloudfoundry bnVsbA==', 'cloudfoundry e30='])
    t.equal(
      (await call(server, { ...provisionCall('i'), headers: { 'x-broker-api-originating-identity': broken } })).status,
      200,
      broken,
    )
})
