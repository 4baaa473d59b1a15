import t from 'tap'
import { formatRoute, HOME, parseRoute } from '../../../../src/http/web/route/hash-route.js'

const SLOW = { fa: 'FRONT', fst: 'TOMCAT', ta: 'a/b', tst: 'MYSQL', rf: 100, rt: 'max', ie: true } as const
const END = new Date(2026, 10, 23, 15, 0, 0).getTime()

t.test('links of the original page lead to the same place', async (t) => {
  t.same(parseRoute('#/main/FRONT@TOMCAT/5m/2026-11-23-15-00-00'), {
    screen: 'main',
    application: { name: 'FRONT', type: 'TOMCAT' },
    period: '5m',
    end: END,
  })
  t.match(parseRoute('#/inspector/FRONT@TOMCAT/1h/2026-11-23-15-00-00/front-1'), {
    screen: 'inspector',
    agentId: 'front-1',
    period: '1h',
  })
  t.same(parseRoute('#/transactionDetail/front-1%5E1500000012000%5E7/1500000012345'), {
    screen: 'transactionDetail',
    traceId: 'front-1^1500000012000^7',
    focusTimestamp: 1500000012345,
  })
  t.match(parseRoute('#/transactionView/front-1/front-1^1500000012000^7/1500000012345'), {
    screen: 'transactionDetail',
    traceId: 'front-1^1500000012000^7',
  })
})

t.test('a filter of the original page is taken as it is; without one it is the whole map', async (t) => {
  const begin = '#/filteredMap/FRONT@TOMCAT/5m/2026-11-23-15-00-00'
  const filter = encodeURIComponent(JSON.stringify([{ ...SLOW, url: 'L2RvLyoq' }]))
  t.match(parseRoute(`${begin}/${filter}/hint`), { screen: 'filteredMap', filters: [{ ...SLOW, url: 'L2RvLyoq' }] })
  for (const wrong of ['', 'x', '[]', '[1]', '{}', '[{"fa":"a"}]']) {
    t.match(parseRoute(`${begin}/${encodeURIComponent(wrong)}`), { screen: 'main', end: END }, wrong)
  }
})

t.test('an application alone means the last five minutes', async (t) => {
  t.match(parseRoute('#/main/FRONT@TOMCAT'), { period: '5m', end: undefined })
  t.match(parseRoute('#/main/FRONT@TOMCAT/realtime'), { period: 'realtime', end: undefined })
})

t.test('a bare number is minutes, as in older links', async (t) => {
  t.match(parseRoute('#/main/FRONT@TOMCAT/20'), { period: '20' })
})

t.test('what is not understood leads to the start page', async (t) => {
  for (const hash of ['', '#', '#/main', '#/main/FRONT', '#/nowhere', '#/main/%E0%A4%A', '#/inspector']) {
    t.same(parseRoute(hash), HOME, hash)
  }
})

t.test('a wrong period or date is left out, not obeyed', async (t) => {
  t.match(parseRoute('#/main/A@B/0m/2026-02-31-00-00-00'), { period: '5m', end: undefined })
  t.match(parseRoute('#/main/A@B/<script>/x'), { period: '5m', end: undefined })
})

t.test('every route comes back from its address', async (t) => {
  const application = { name: 'a/b @ 한글 %', type: 'SPRING_BOOT' }
  const selection = {
    from: 1,
    to: 2,
    minElapsed: 3,
    maxElapsed: Number.POSITIVE_INFINITY,
    outcome: 'failed',
    agentId: 'x_y',
  } as const
  for (const route of [
    { screen: 'main', application, period: '20m', end: END },
    { screen: 'main', application, period: 'realtime', end: undefined },
    { screen: 'inspector', application, period: '1d', end: END, agentId: 'a/1' },
    { screen: 'transactionList', application, period: '5m', end: END, selection },
    { screen: 'filteredMap', application, period: '5m', end: END, filters: [SLOW] },
    { screen: 'transactionDetail', traceId: 'front-1^1^2', focusTimestamp: 5 },
  ] as const) {
    t.same(parseRoute(formatRoute(route)), route)
  }
})

t.test('@ and ^ stay readable in an address', async (t) => {
  const application = { name: 'FRONT', type: 'TOMCAT' }
  t.equal(
    formatRoute({ screen: 'main', application, period: '5m', end: END }),
    '#/main/FRONT@TOMCAT/5m/2026-11-23-15-00-00',
  )
})
