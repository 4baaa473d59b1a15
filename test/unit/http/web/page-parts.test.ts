import t from 'tap'
import { errorOf } from '../../../../src/http/web/api/api-error.js'
import { collectorAddress, configLines } from '../../../../src/http/web/main/agent-lines.js'
import { matchApplications } from '../../../../src/http/web/picker/match-applications.js'
import { rowWindow, scrollTo } from '../../../../src/http/web/ui/virtual-rows.js'

t.test('errors are known by status, and by the form of the original with status 200', async (t) => {
  t.equal(errorOf(200, []), undefined)
  t.match(errorOf(200, { exception: { message: 'no such agent' } }), { kind: 'failed', message: 'no such agent' })
  t.match(errorOf(400, { error: 'range', message: 'too long' }), { kind: 'refused', message: 'too long', status: 400 })
  t.match(errorOf(401, { message: 'password' }), { kind: 'unauthorized' })
  t.match(errorOf(503, undefined), { kind: 'failed', message: '' })
})

t.test('a new user gets the lines for this very collector', async (t) => {
  const settings = new Map([
    ['tcp.port', '0'],
    ['stat.port', '9995'],
    ['span.port', '9996'],
  ])
  const listening = { hostName: 'box', tcp: 41001, stat: 41002, span: 41003 }
  const address = collectorAddress('collector.example', { listening, settings })
  t.equal(
    configLines(address),
    [
      'profiler.collector.ip=collector.example',
      'profiler.collector.tcp.port=41001',
      'profiler.collector.stat.port=41002',
      'profiler.collector.span.port=41003',
    ].join('\n'),
  )
  t.equal(collectorAddress('[::1]', { listening, settings }).host, '::1')
  const elsewhere = { host: 'HOST_OF_THE_COLLECTOR', tcp: '0', stat: '9995', span: '9996' }
  t.strictSame(collectorAddress('web.example', { listening: null, settings }), elsewhere)
})

t.test('applications are found by parts of name and type, those that begin so first', async (t) => {
  const list = ['SHOP-FRONT', 'FRONT', 'BACK'].map((applicationName) => ({
    applicationName,
    serviceType: applicationName === 'BACK' ? 'JETTY' : 'TOMCAT',
    code: 0,
  }))
  const names = (query: string): string[] => matchApplications(list, query).map((a) => a.applicationName)
  t.same(names(''), ['SHOP-FRONT', 'FRONT', 'BACK'])
  t.same(names('front'), ['FRONT', 'SHOP-FRONT'])
  t.same(names('front shop'), ['SHOP-FRONT'])
  t.same(names('jet'), ['BACK'])
  t.same(names('.*'), [])
})

t.test('of a long list only what is in sight is drawn', async (t) => {
  const { first, end } = rowWindow(30_000, 300, 30, 5_000)
  t.ok(first <= 1_000 && end >= 1_010)
  t.ok(end - first < 50)
  t.same(rowWindow(0, 300, 30, 3), { first: 0, end: 3 })
  t.same(rowWindow(0, 300, 30, 0), { first: 0, end: 0 })
  t.ok(rowWindow(90_000, 300, 30, 10).first < 10, 'a list that has become shorter')
})

t.test('a list scrolls no further than needed', async (t) => {
  t.equal(scrollTo(5, 0, 300, 30), 0)
  t.equal(scrollTo(10, 0, 300, 30), 30)
  t.equal(scrollTo(2, 300, 300, 30), 60)
})
