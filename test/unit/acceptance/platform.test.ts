import t from 'tap'
import { catalogProblems, parseCatalog } from '../../acceptance/catalog.js'
import { listsApplication, mapAddress, nodeCount, pageAddress } from '../../acceptance/page.js'
import { bindCall, deprovisionCall, newOrder, provisionCall, unbindCall } from '../../acceptance/platform.js'

const ORDER = newOrder('service', 'plan', 'PS1')

t.test('an instance is asked for with all that a broker may demand', async (t) => {
  const { method, path, body } = provisionCall(ORDER)
  t.equal(`${method} ${path}`, `PUT /v2/service_instances/${ORDER.instanceId}?accepts_incomplete=true`)
  t.match(body, { service_id: 'service', plan_id: 'plan', organization_guid: /^[0-9a-f-]{36}$/, space_guid: /./ })
  t.match(body, { context: { platform: 'cloudfoundry', instance_name: 'PS1' } })
})

t.test('a binding names the application twice, and carries its parameter', async (t) => {
  const { path, body } = bindCall(ORDER, 'spring-music')
  t.match(path, `/v2/service_instances/${ORDER.instanceId}/service_bindings/${ORDER.bindingId}?`)
  t.match(body, {
    app_guid: ORDER.appId,
    bind_resource: { app_guid: ORDER.appId },
    parameters: { application_name: 'spring-music' },
  })
})

t.test('deletes say in the query what they are of, and have no body', async (t) => {
  for (const { method, path, body } of [unbindCall(ORDER), deprovisionCall(ORDER)]) {
    t.equal(method, 'DELETE')
    t.match(path, '?service_id=service&plan_id=plan')
    t.equal(body, undefined)
  }
})

t.test('each order has ids of its own', async (t) => {
  t.not(newOrder('service', 'plan', 'PS1').instanceId, ORDER.instanceId)
})

const CATALOG = {
  services: [
    {
      id: '801bd048-c570-4629-8539-301e68fe0611',
      name: 'Pinpoint',
      description: 'A simple pinpoint implementation',
      bindable: true,
      plans: [{ id: 'pinpoint_plan', name: 'Pinpoint_standard', free: true }],
      tags: ['pinpoint'],
    },
  ],
}

t.test('the catalog of the service pack, and others', async (t) => {
  const [service] = CATALOG.services
  t.strictSame(catalogProblems(parseCatalog(CATALOG)), [])
  t.strictSame(catalogProblems(parseCatalog({ services: [{ ...service, name: 'p-Pinpoint', tags: [] }] })), [
    'service.name is not "Pinpoint"',
    'service.tags has no "pinpoint"',
  ])
  t.throws(() => parseCatalog({ services: [service, service] }), /exactly one service/)
  t.throws(() => parseCatalog({ services: [{ ...service, plans: [] }] }), /exactly one plan/)
  t.throws(() => parseCatalog(null), /exactly one service/)
})

t.test('what the page asks for', async (t) => {
  t.equal(pageAddress('http://web', 'a b'), 'http://web/#/main/a%20b@TOMCAT')
  const url = new URL(mapAddress('http://web', 'a b', 1_000_000))
  t.equal(url.pathname, '/getServerMapData.pinpoint')
  t.equal(url.searchParams.get('applicationName'), 'a b')
  t.equal(url.searchParams.get('serviceTypeName'), 'TOMCAT')
  t.equal(url.searchParams.get('from'), '940000')
})

t.test('an application counts only under its own name and type', async (t) => {
  t.ok(listsApplication([{ applicationName: 'a', serviceType: 'TOMCAT', code: 1010 }], 'a'))
  t.notOk(listsApplication([{ applicationName: 'a', serviceType: 'STAND_ALONE' }], 'a'))
  t.notOk(listsApplication({ exception: {} }, 'a'))
  const map = (serviceType: string, totalCount: number): unknown => ({
    applicationMapData: { nodeDataArray: [{ applicationName: 'a', serviceType, totalCount }] },
  })
  t.equal(nodeCount(map('TOMCAT', 7), 'a'), 7)
  t.equal(nodeCount(map('USER', 7), 'a'), undefined)
  t.equal(nodeCount({}, 'a'), undefined)
})
