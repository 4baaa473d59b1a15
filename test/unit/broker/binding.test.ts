import t from 'tap'
import {
  bindCall,
  bindingPath,
  call,
  HOSTS,
  provisionCall,
  type TestBroker,
  type TestBrokerOptions,
  testBroker,
  unbindCall,
} from '../../builders/broker.js'

// spec: operations.md §7.6, §7.7, a test a row

/** A broker with the instances i and j. */
async function provisioned(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const broker = testBroker(options)
  for (const id of ['i', 'j']) await call(broker.server, provisionCall(id))
  return broker
}

const FIRST = {
  credentials: {
    application_name: 'spring-music',
    collector_host: HOSTS[0],
    collector_span_port: 29996,
    collector_stat_port: 29995,
    collector_tcp_port: 29994,
  },
  syslog_drain_url: null,
}

async function hostOf(broker: TestBroker, id: string): Promise<string> {
  const { body } = await call(broker.server, bindCall('i', id))
  return (body as typeof FIRST).credentials.collector_host
}

t.test('bind: new is 201 with the credentials', async (t) => {
  const { server } = await provisioned()
  const { status, body } = await call(server, bindCall('i', 'b'))
  t.same([status, body], [201, FIRST])
  t.equal(
    JSON.stringify(body),
    '{"credentials":{"application_name":"spring-music","collector_host":"10.30.70.45","collector_span_port":29996,' +
      '"collector_stat_port":29995,"collector_tcp_port":29994},"syslog_drain_url":null}',
  )
})

t.test('bind: a repeat is 200 with the same credentials, whatever changed in between', async (t) => {
  const broker = await provisioned()
  await call(broker.server, bindCall('i', 'b'))
  for (const id of ['c', 'd', 'e']) await call(broker.server, bindCall('i', id))
  const { writes } = broker.store
  const again = await call(broker.server, bindCall('i', 'b'))
  t.same([again.status, again.body], [200, FIRST])
  t.equal(broker.store.writes, writes)

  const offer = { collectors: ['elsewhere'], ports: { tcp: 1, stat: 2, span: 3 } }
  const { server } = testBroker({ store: broker.store, offer })
  const later = await call(server, bindCall('i', 'b'))
  t.same([later.status, later.body], [200, FIRST], 'after a restart with other collectors')
  t.match(await call(server, bindCall('i', 'new')), {
    status: 201,
    body: { credentials: { collector_host: 'elsewhere', collector_tcp_port: 1 } },
  })
})

t.test('bind: the same id with other parameters is 409', async (t) => {
  const { server, store } = await provisioned()
  await call(server, bindCall('i', 'b'))
  const { writes } = store
  for (const other of [
    { parameters: { application_name: 'other' } },
    { parameters: { application_name: 'spring-music', more: 1 } },
    { app_guid: 'app-2', bind_resource: { app_guid: 'app-2' } },
    { app_guid: undefined, bind_resource: undefined },
  ])
    t.match(await call(server, bindCall('i', 'b', other)), { status: 409, body: { description: /binding b exists/ } })
  t.equal((await call(server, bindCall('j', 'b'))).status, 409, 'an id belongs to one instance')
  t.equal(store.writes, writes)
})

t.test('bind: an application name is needed, 400', async (t) => {
  const { server } = await provisioned()
  for (const parameters of [undefined, null, {}, { application_name: '' }, { application_name: null }])
    t.match(await call(server, bindCall('i', 'b', { parameters })), {
      status: 400,
      body: { description: /parameters\.application_name is missing; give one, for instance: cf bind-service/ },
    })
  for (const application_name of [7, {}, ['a'], true])
    t.match(await call(server, bindCall('i', 'b', { parameters: { application_name } })), {
      status: 400,
      body: { description: /is no text/ },
    })
})

t.test('bind: names that agents refuse are 400, long ones are cut to 24', async (t) => {
  const { server, log } = await provisioned()
  for (const application_name of ['spring music', 'a/b', 'ä', 'a\n', '<b>', 'a:b', '앱'])
    t.match(await call(server, bindCall('i', 'b', { parameters: { application_name } })), {
      status: 400,
      body: { description: /characters that agents refuse/ },
    })
  const cases = { 'A-Z.a_z-09': 'A-Z.a_z-09', ['n'.repeat(24)]: 'n'.repeat(24), ['m'.repeat(25)]: 'm'.repeat(24) }
  for (const [application_name, name] of Object.entries(cases))
    t.match(await call(server, bindCall('i', name, { parameters: { application_name } })), {
      status: 201,
      body: { credentials: { application_name: name } },
    })
  t.same(
    log.filter((l) => l.level === 'warn').map((l) => l.text),
    [`application_name of binding ${'m'.repeat(24)} was cut to "${'m'.repeat(24)}": agents take no more`],
  )
})

t.test('bind: a service key, without an app, is allowed', async (t) => {
  const { server } = await provisioned()
  const key = { app_guid: undefined, bind_resource: undefined }
  t.equal((await call(server, bindCall('i', 'k', key))).status, 201)
  t.equal((await call(server, bindCall('i', 'k', { ...key, bind_resource: {} }))).status, 200)
})

t.test('bind: the app may be named in either place', async (t) => {
  const { server } = await provisioned()
  t.equal((await call(server, bindCall('i', 'b', { app_guid: undefined }))).status, 201)
  t.equal((await call(server, bindCall('i', 'b', { bind_resource: undefined }))).status, 200)
  t.equal((await call(server, bindCall('i', 'b', { bind_resource: null }))).status, 200)
})

t.test('bind: unknown instance 404, unknown service and plan 400, missing fields 400', async (t) => {
  const { server } = await provisioned()
  t.match(await call(server, bindCall('none', 'b')), { status: 404, body: { description: /no service instance none/ } })
  t.match(await call(server, bindCall('i', 'b', { service_id: 'x' })), { status: 400, body: { description: /x$/ } })
  t.match(await call(server, bindCall('i', 'b', { plan_id: 'x' })), { status: 400, body: { description: /x$/ } })
  t.match(await call(server, bindCall('i', 'b', { plan_id: undefined })), {
    status: 400,
    body: { description: 'Missing required fields: plan_id' },
  })
})

t.test('fetch a binding', async (t) => {
  const { server } = await provisioned()
  await call(server, bindCall('i', 'b'))
  const { status, body } = await call(server, { method: 'GET', path: bindingPath('i', 'b') })
  t.same([status, body], [200, { ...FIRST, parameters: { application_name: 'spring-music' } }])
  for (const path of [bindingPath('j', 'b'), bindingPath('i', 'c'), bindingPath('none', 'b')])
    t.match(await call(server, { method: 'GET', path }), { status: 404, body: { description: /no service binding/ } })
})

t.test('unbind: exists 200, unknown 410, a parameter absent 400', async (t) => {
  const { server, store } = await provisioned()
  await call(server, bindCall('i', 'b'))
  const { writes } = store
  t.match(await call(server, unbindCall('i', 'b', '')), {
    status: 400,
    body: { description: 'Missing required fields: service_id, plan_id' },
  })
  t.equal((await call(server, unbindCall('i', 'b', 'service_id=x&plan_id=y'))).status, 400)
  for (const [instance, id] of [
    ['i', 'c'],
    ['j', 'b'],
    ['none', 'b'],
  ]) {
    const { status, body } = await call(server, unbindCall(instance, id))
    t.same([status, body], [410, {}], `${instance}/${id}`)
  }
  t.equal(store.writes, writes)
  const there = await call(server, unbindCall('i', 'b'))
  t.same([there.status, there.body], [200, {}])
  t.equal((await call(server, unbindCall('i', 'b'))).status, 410)
})

t.test('the collector with the fewest bindings is taken, ties in configured order', async (t) => {
  const broker = await provisioned({ offer: { collectors: ['c1', 'c2', 'c3'] } })
  const given = []
  for (const id of ['1', '2', '3', '4', '5']) given.push(await hostOf(broker, id))
  t.same(given, ['c1', 'c2', 'c3', 'c1', 'c2'])
  for (const id of ['2', '5']) await call(broker.server, unbindCall('i', id))
  t.same([await hostOf(broker, '6'), await hostOf(broker, '7')], ['c2', 'c2'], 'an unbind frees its place')
})

t.test('100 binds at a time are spread evenly', async (t) => {
  for (const collectors of [
    ['c1', 'c2'],
    ['c1', 'c2', 'c3', 'c4', 'c5'],
  ]) {
    const broker = await provisioned({ offer: { collectors } })
    const ids = Array.from({ length: 100 }, (_, i) => `b${i}`)
    const hosts = await Promise.all(ids.map((id) => hostOf(broker, id)))
    for (const host of collectors) t.equal(hosts.filter((h) => h === host).length, 100 / collectors.length, host)
    t.ok(broker.store.writes < 60, `${broker.store.writes} writes: calls share them`)
  }
})
