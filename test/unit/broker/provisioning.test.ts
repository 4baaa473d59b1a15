import t from 'tap'
import {
  bindCall,
  bindingPath,
  type Call,
  call,
  DASHBOARD,
  deprovisionCall,
  instancePath,
  provisionCall,
  testBroker,
} from '../../builders/broker.js'

// spec: operations.md §7.3-7.5, a test a row

const SERVICE = '801bd048-c570-4629-8539-301e68fe0611'

t.test('provision: new is 201 with the dashboard', async (t) => {
  const { server, store } = testBroker()
  const { status, body } = await call(server, provisionCall('i'))
  t.same([status, body], [201, { dashboard_url: DASHBOARD }])
  t.equal(store.writes, 1)
})

t.test('provision: the dashboard is left out when there is none', async (t) => {
  const { server } = testBroker({ offer: { dashboardUrl: null } })
  const { status, body } = await call(server, provisionCall('i'))
  t.same([status, body], [201, {}])
})

t.test('provision: a repeat with the same attributes is 200 with the same body', async (t) => {
  const { server, store } = testBroker()
  const parameters = { a: [1, { b: null, c: 'x' }], d: {} }
  await call(server, provisionCall('i', { parameters }))
  for (const again of [
    provisionCall('i', { parameters }),
    provisionCall('i', { parameters: { d: {}, a: [1, { c: 'x', b: null }] } }),
    provisionCall('i', { parameters, context: { platform: 'cloudfoundry' }, unheard_of: 1 }),
  ]) {
    const { status, body } = await call(server, again)
    t.same([status, body], [200, { dashboard_url: DASHBOARD }])
  }
  t.equal(store.writes, 1, 'repeats write nothing')
})

t.test('provision: no parameters are the same as empty ones', async (t) => {
  const { server } = testBroker()
  for (const [parameters, status] of [
    [undefined, 201],
    [{}, 200],
    [null, 200],
  ])
    t.equal((await call(server, provisionCall('i', { parameters }))).status, status)
})

t.test('provision: the same id with other attributes is 409', async (t) => {
  const { server, store } = testBroker()
  await call(server, provisionCall('i', { parameters: { a: 1 } }))
  for (const other of [
    { organization_guid: 'org-2' },
    { space_guid: 'space-2' },
    { parameters: { a: 2 } },
    { parameters: { a: '1' } },
    { parameters: {} },
    { parameters: { a: 1, b: 1 } },
  ]) {
    const { status, body } = await call(server, provisionCall('i', { parameters: { a: 1 }, ...other }))
    t.equal(status, 409, JSON.stringify(other))
    t.match(body, { description: /service instance i exists/ })
  }
  t.equal(store.writes, 1)
})

t.test('provision: unknown service and plan are 400', async (t) => {
  const { server } = testBroker()
  t.match(await call(server, provisionCall('i', { service_id: 'x' })), {
    status: 400,
    body: { description: 'ServiceDefinition does not exist: id = x' },
  })
  t.match(await call(server, provisionCall('i', { plan_id: 'x' })), {
    status: 400,
    body: { description: 'ServicePlan does not exist: id = x' },
  })
})

t.test('provision: missing, empty and wrong fields are 400 and named', async (t) => {
  const { server, store } = testBroker()
  for (const field of ['service_id', 'plan_id', 'organization_guid', 'space_guid']) {
    t.match(await call(server, provisionCall('i', { [field]: undefined })), {
      status: 400,
      body: { description: `Missing required fields: ${field}` },
    })
    for (const value of ['', 1, null, {}, 'x'.repeat(256)])
      t.match(await call(server, provisionCall('i', { [field]: value })), {
        status: 400,
        body: { description: new RegExp(`^${field} must`) },
      })
  }
  const empty: Call = { method: 'PUT', path: instancePath('i'), body: {} }
  t.match(await call(server, empty), {
    status: 400,
    body: { description: 'Missing required fields: service_id, plan_id, organization_guid, space_guid' },
  })
  for (const parameters of ['x', 1, []]) t.equal((await call(server, provisionCall('i', { parameters }))).status, 400)
  t.equal(store.writes, 0)
})

t.test('provision: parameters are bounded in size and depth', async (t) => {
  const { server } = testBroker()
  const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
  for (const parameters of [deep, JSON.stringify({ a: 'x'.repeat(5000) })]) {
    const body = JSON.stringify(provisionCall('i').body).replace('"parameters":{}', `"parameters":${parameters}`)
    const tried = await call(server, { ...provisionCall('i'), body })
    t.match(tried, { status: 400, body: { description: /too deep or longer than 4096/ } })
  }
})

t.test('provision: accepts_incomplete changes nothing', async (t) => {
  const { server } = testBroker()
  for (const [id, query] of [
    ['i', '?accepts_incomplete=true'],
    ['j', '?accepts_incomplete=false'],
  ]) {
    const { body = {} } = provisionCall(id)
    t.equal((await call(server, { method: 'PUT', path: `${instancePath(id)}${query}`, body })).status, 201)
  }
})

t.test('provision and update: a maintenance version is never ours', async (t) => {
  const { server } = testBroker()
  const maintenance_info = { version: '2.1.1' }
  const refused = { status: 422, body: { error: 'MaintenanceInfoConflict', description: /./ } }
  t.match(await call(server, provisionCall('i', { maintenance_info })), refused)
  await call(server, provisionCall('i', { maintenance_info: {} }))
  const body = { service_id: SERVICE, maintenance_info }
  t.match(await call(server, { method: 'PATCH', path: instancePath('i'), body }), refused)
})

t.test('provision and bind: no more than broker.maxRecords, and what exists is still answered', async (t) => {
  const { server } = testBroker({ offer: { maxRecords: 2 } })
  await call(server, provisionCall('i'))
  t.equal((await call(server, bindCall('i', 'b'))).status, 201)
  const full = { status: 422, body: { description: /broker\.maxRecords/ } }
  t.match(await call(server, provisionCall('j')), full)
  t.match(await call(server, bindCall('i', 'c')), full)
  t.equal((await call(server, provisionCall('i'))).status, 200)
  t.equal((await call(server, bindCall('i', 'b'))).status, 200)
})

t.test('update', async (t) => {
  const { server, store } = testBroker()
  await call(server, provisionCall('i', { parameters: { a: 1 } }))
  const patch = (id: string, body: object): Promise<{ status: number; body: unknown }> =>
    call(server, { method: 'PATCH', path: instancePath(id), body })
  t.match(await patch('i', { service_id: SERVICE, plan_id: 'other' }), { status: 422, body: { description: /plan/ } })
  t.match(await patch('i', { service_id: SERVICE, parameters: { a: 2 } }), {
    status: 422,
    body: { description: /param/ },
  })
  for (const nothing of [
    { service_id: SERVICE },
    { service_id: SERVICE, plan_id: 'pinpoint_plan', parameters: { a: 1 } },
    { service_id: SERVICE, plan_id: null, parameters: {} },
    { service_id: SERVICE, context: { platform: 'cloudfoundry', instance_name: 'new' } },
  ]) {
    const { status, body } = await patch('i', nothing)
    t.same([status, body], [200, {}], JSON.stringify(nothing))
  }
  t.match(await patch('i', { service_id: 'x' }), { status: 400, body: { description: /ServiceDefinition/ } })
  t.match(await patch('i', {}), { status: 400, body: { description: 'Missing required fields: service_id' } })
  t.match(await patch('none', { service_id: SERVICE }), { status: 404, body: { description: /no service instance/ } })
  t.equal(store.writes, 1)
})

t.test('deprovision: exists 200, unknown 410, a parameter absent 400', async (t) => {
  const { server, store } = testBroker()
  await call(server, provisionCall('i'))
  for (const [query, missing] of [
    ['', 'service_id, plan_id'],
    ['service_id=x', 'plan_id'],
    ['plan_id=x', 'service_id'],
  ])
    t.match(await call(server, deprovisionCall('i', query)), {
      status: 400,
      body: { description: `Missing required fields: ${missing}` },
    })
  for (const query of [`service_id=x&plan_id=pinpoint_plan`, `service_id=${SERVICE}&plan_id=x`])
    t.match(await call(server, deprovisionCall('i', query)), { status: 400, body: { description: /does not exist/ } })
  t.equal(store.writes, 1)
  const there = await call(server, deprovisionCall('i'))
  t.same([there.status, there.body], [200, {}])
  for (const id of ['i', 'never']) {
    const { status, body } = await call(server, deprovisionCall(id))
    t.same([status, body], [410, {}], id)
  }
  t.equal(store.writes, 2, 'what is gone costs no write: orphan mitigation is cheap')
  t.equal((await call(server, provisionCall('i'))).status, 201, 'the id may be used again')
})

t.test('deprovision takes bindings that are left with it', async (t) => {
  const { server, log } = testBroker()
  await call(server, provisionCall('i'))
  await call(server, bindCall('i', 'b'))
  t.equal((await call(server, deprovisionCall('i'))).status, 200)
  t.match(log.find((l) => l.level === 'warn')?.text, /deleted with 1 bindings/)
  await call(server, provisionCall('i'))
  t.equal((await call(server, { method: 'GET', path: bindingPath('i', 'b') })).status, 404)
})

t.test('fetch an instance', async (t) => {
  const { server } = testBroker()
  await call(server, provisionCall('i', { parameters: { b: 1, a: 2 } }))
  const { status, body } = await call(server, { method: 'GET', path: `${instancePath('i')}?service_id=x&plan_id=y` })
  t.equal(status, 200)
  t.same(body, {
    service_id: SERVICE,
    plan_id: 'pinpoint_plan',
    dashboard_url: DASHBOARD,
    parameters: { a: 2, b: 1 },
  })
  t.match(await call(server, { method: 'GET', path: instancePath('j') }), { status: 404, body: { description: /j/ } })
})
