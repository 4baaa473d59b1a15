import { hostname } from 'node:os'
import type { Locator, Page } from 'playwright-core'
import t from 'tap'
import { openBrowser, openPage } from '../builders/browser.js'
import { eventually } from '../builders/collector.js'
import {
  HOSTILE_NAME,
  HOSTILE_PATH,
  LOST_CHUNK_PATH,
  LOST_ROOT_PATH,
  openSite,
  replayRecordings,
  sendDamagedTraces,
  sendHostileAgent,
} from '../builders/page-site.js'

// The page in a real browser, on a real collector that recorded agents have reported to.

const SLOW_MS = 20_000
/** the applications of the recordings */
const FRONT = 'RELAY-152@TOMCAT'
const OTHER = 'RELAY-185@TOMCAT'
/** when the agents of the recordings measured themselves, UTC */
const MEASURED = '20m/2026-11-23-09-20-00'

const site = await openSite()
const browser = await openBrowser()
t.teardown(async () => {
  await browser.close()
  await site.collector.kill()
})

t.test('before the first agent it says how to point one here, and notices it by itself', async (t) => {
  const { page, problems } = await openPage(browser, site.origin)
  await page.goto(site.origin)
  await page.getByRole('heading', { name: 'No agent has connected yet' }).waitFor()
  const lines = await page.locator('.code-lines pre').allInnerTexts()
  const { tcp, stat, span } = site.collector.ports
  t.match(lines[0], 'profiler.collector.ip=127.0.0.1')
  const ports = { tcp, stat, span }
  for (const [name, port] of Object.entries(ports)) t.match(lines[0], `profiler.collector.${name}.port=${port}`)
  await page.getByText(`it calls itself ${hostname()}`).waitFor()
  t.match(lines[1], '-javaagent:')

  await replayRecordings(site)
  await page.getByRole('option', { name: /RELAY-152/ }).waitFor({ timeout: SLOW_MS })
  t.same(problems, [])
  await page.context().close()
})

t.test('the map shows applications, destinations and failures; details follow the selection', async (t) => {
  const { page, problems } = await openPage(browser, site.origin)
  await page.goto(`${site.origin}/#/main/${FRONT}`)
  for (const name of ['RELAY-152, TOMCAT', 'RELAY-185, TOMCAT', 'demo, MYSQL', 'REDIS, REDIS', 'USER, USER']) {
    await node(page, name).first().waitFor({ timeout: SLOW_MS })
  }
  t.ok((await page.locator('.map-node').count()) >= 6)
  t.match(
    await page.locator('.map-node.is-main').getAttribute('aria-label'),
    /RELAY-152, TOMCAT: \d+ requests, [1-9]\d* failed/,
  )
  t.match(await page.url(), /#\/main\/RELAY-152@TOMCAT\/5m\/\d{4}(-\d\d){5}$/, 'the link says the range')

  const panel = page.getByRole('complementary', { name: 'Details' })
  const edge = page.getByRole('button', { name: /^RELAY-152 to demo: \d+ requests, \d+ failed$/ })
  await edge.focus()
  await page.keyboard.press('Enter')
  await panel.getByRole('heading', { name: 'RELAY-152 → demo' }).waitFor()
  t.same(await panel.locator('.bar-name').allInnerTexts(), ['1s', '3s', '5s', 'Slow', 'Error'])
  t.ok((await panel.getByRole('table').count()) >= 2, 'by caller and by destination')

  await node(page, 'REDIS, REDIS').click()
  await panel.getByRole('heading', { name: 'REDIS' }).waitFor()
  t.same(await panel.locator('.bar-name').allInnerTexts(), ['100ms', '300ms', '500ms', 'Slow', 'Error'])

  await node(page, 'RELAY-185, TOMCAT').dblclick()
  await page.waitForURL(/#\/main\/RELAY-185@TOMCAT/)
  await page.locator('.map-node.is-main[data-node="RELAY-185^TOMCAT"]').waitFor({ timeout: SLOW_MS })
  t.same(problems, [])
  await page.context().close()
})

t.test('nodes can be dragged, the map moved and zoomed', async (t) => {
  const { page } = await openPage(browser, site.origin)
  await page.goto(`${site.origin}/#/main/${FRONT}`)
  const redis = node(page, 'REDIS, REDIS')
  await redis.waitFor({ timeout: SLOW_MS })
  const before = await centre(redis.locator('.node-disc'))
  await page.mouse.move(before.x, before.y)
  await page.mouse.down()
  await page.mouse.move(before.x - 120, before.y + 40, { steps: 4 })
  await page.mouse.up()
  const isAt = async (x: number, y: number): Promise<boolean> => {
    const now = await centre(redis.locator('.node-disc'))
    return Math.abs(now.x - x) < 3 && Math.abs(now.y - y) < 3
  }
  t.ok(await eventually(() => isAt(before.x - 120, before.y + 40)), 'it stays under the pointer')
  const width = (): Promise<number> => redis.locator('.node-disc').evaluate((e) => e.getBoundingClientRect().width)
  const unzoomed = await width()
  await page.getByRole('button', { name: 'Zoom in' }).click()
  t.ok(await eventually(async () => (await width()) > unzoomed * 1.2))
  await page.getByRole('button', { name: 'Arrange anew' }).click()
  t.ok(await eventually(() => isAt(before.x, before.y)))
  await page.context().close()
})

t.test(
  'a rectangle on the scatter chart leads to its transactions, and to a call tree with SQL and exception',
  async (t) => {
    const { page, problems } = await openPage(browser, site.origin)
    await page.goto(`${site.origin}/#/main/${FRONT}`)
    await page.getByText('Drag a rectangle to list its transactions').waitFor({ timeout: SLOW_MS })
    t.match(
      await page.locator('.scatter-plot').getAttribute('aria-label'),
      /Scatter chart: [1-9]\d* succeeded, [1-9]\d* failed/,
    )
    t.ok(await eventually(async () => (await paintedPixels(page)) > 50), 'dots are drawn')

    const chart = (await page.locator('.scatter-selection').boundingBox())!
    await page.mouse.move(chart.x + 50, chart.y + 10)
    await page.mouse.down()
    await page.mouse.move(chart.x + chart.width - 10, chart.y + chart.height - 26, { steps: 5 })
    await page.mouse.up()
    await page.waitForURL(/#\/transactionList\/RELAY-152@TOMCAT\//)
    const heading = page.getByRole('heading', { name: /^\d+ transactions$/ })
    await heading.waitFor()
    await page.locator('.transaction-row').first().waitFor({ timeout: SLOW_MS })
    const listed = async (): Promise<number> => Number.parseInt((await heading.innerText()).replace(',', ''), 10)
    t.ok(await eventually(async () => (await listed()) > 20))

    await page.reload()
    await page.locator('.transaction-row').first().waitFor({ timeout: SLOW_MS })

    await page.getByPlaceholder('Filter by path, agent or client').fill('/do/dbfailout')
    await page.locator('.transaction-row', { hasText: '/do/dbfailout' }).first().click()
    const tree = page.getByRole('treegrid', { name: 'Call tree' })
    await tree.getByText('MySQLSyntaxErrorException').first().waitFor({ timeout: SLOW_MS })
    t.match(await tree.locator('.call-exception').first().innerText(), /MySQLSyntaxErrorException[\s\S]*SQL syntax/)
    t.match(await tree.locator('.call-sql').first().innerText(), /SELECT/)

    await page.getByPlaceholder('Filter by path, agent or client').fill('/do/db')
    const db = page.locator('.transaction-row').filter({ has: page.getByText('/do/db', { exact: true }) })
    await db.first().click()
    await page.locator('.transaction-head h2').getByText('/do/db', { exact: true }).waitFor({ timeout: SLOW_MS })
    await tree.locator('.call-bind').first().waitFor({ timeout: SLOW_MS })
    await tree
      .locator('.call-row', { hasText: 'SQL' })
      .filter({ has: page.locator('.mark-sql') })
      .first()
      .waitFor()
    await tree.locator('.call-bind').first().click()
    const bound = tree.locator('.call-sql').last()
    await bound.click()
    await page
      .locator('.call-details')
      .getByText(/SELECT|INSERT|UPDATE/)
      .first()
      .waitFor()

    await page.getByPlaceholder('Search in calls, SQL, arguments').fill('executeQuery')
    await page.locator('.call-row.is-found').first().waitFor()
    const rows = async (): Promise<number> => Number(await tree.getAttribute('aria-rowcount'))
    const all = await rows()
    await page.getByRole('button', { name: 'Collapse all' }).click()
    t.ok(await eventually(async () => (await rows()) < all))
    const collapsed = await tree.locator('.call-row').count()
    await tree.focus()
    await page.keyboard.press('ArrowDown')
    await page.getByRole('button', { name: 'Expand all' }).click()
    t.ok(await eventually(async () => (await tree.locator('.call-row').count()) > collapsed))
    t.equal(await rows(), all)

    await page.getByRole('tab', { name: 'Timeline' }).click()
    await page.locator('.timeline-bar').nth(2).waitFor()
    await page.getByRole('tab', { name: 'Server map' }).click()
    await page.locator('.transaction-map .map-node').first().waitFor()
    t.same(problems, [])
    await page.context().close()
  },
)

t.test('thousands of calls are in the tree, a screenful of them in the document', async (t) => {
  const { page, problems } = await openPage(browser, site.origin)
  await page.goto(`${site.origin}/#/main/${FRONT}`)
  await page.getByText('Drag a rectangle to list its transactions').waitFor({ timeout: SLOW_MS })
  await page.getByRole('button', { name: 'List all' }).click()
  await page.getByPlaceholder('Filter by path, agent or client').fill('/do/many')
  await page.locator('.transaction-row', { hasText: '/do/many' }).first().click({ timeout: SLOW_MS })
  const tree = page.getByRole('treegrid', { name: 'Call tree' })
  await tree.locator('.call-row').first().waitFor({ timeout: SLOW_MS })
  t.ok(await eventually(async () => Number(await tree.getAttribute('aria-rowcount')) > 100))
  t.ok((await tree.locator('.call-row').count()) < 100)
  await tree.focus()
  await page.keyboard.press('End')
  await page.locator('.call-row.is-active').waitFor()
  t.same(problems, [])
  await page.context().close()
})

t.test('a filter on a connection leads to the map of its failed transactions, and a link to it works', async (t) => {
  const { page, problems } = await openPage(browser, site.origin)
  await page.goto(`${site.origin}/#/main/${FRONT}`)
  const edge = page.getByRole('button', { name: /^RELAY-152 to demo/ })
  await edge.waitFor({ timeout: SLOW_MS })
  const [, total, failed] = / (\d+) requests, (\d+) failed/.exec((await edge.getAttribute('aria-label'))!)!
  t.ok(Number(failed) > 0 && Number(failed) < Number(total))
  await edge.press('Enter')
  await page.getByLabel('Outcome').selectOption({ label: 'Failed' })
  await page.getByRole('button', { name: 'Show their map' }).click()
  await page.waitForURL(/#\/filteredMap\/RELAY-152@TOMCAT\/5m\//)
  await page.reload()
  await page.getByRole('heading', { name: 'RELAY-152 → demo · Failed' }).waitFor({ timeout: SLOW_MS })
  await edge.waitFor({ timeout: SLOW_MS })
  t.match(await edge.getAttribute('aria-label'), ` ${failed} failed`)
  t.equal(await node(page, 'REDIS, REDIS').count(), 0, 'no failed transaction went there')
  await page.getByRole('link', { name: 'All transactions' }).click()
  await node(page, 'REDIS, REDIS').waitFor({ timeout: SLOW_MS })
  t.same(problems, [])
  await page.context().close()
})

t.test('a trace that lost packets is shown as far as it arrived, and says so', async (t) => {
  await sendDamagedTraces(site, 'RELAY-152', 'relay152')
  const { page, problems } = await openPage(browser, site.origin)
  await page.goto(`${site.origin}/#/main/${FRONT}`)
  await page.getByText('Drag a rectangle to list its transactions').waitFor({ timeout: SLOW_MS })
  await page.getByRole('button', { name: 'List all' }).click()
  const search = page.getByPlaceholder('Filter by path, agent or client')
  await search.fill(LOST_CHUNK_PATH)
  await page.locator('.transaction-row', { hasText: LOST_CHUNK_PATH }).click({ timeout: SLOW_MS })
  await page.getByRole('status').getByText('This trace is damaged').waitFor({ timeout: SLOW_MS })
  await page.locator('.call-row.is-corrupted .mark-corrupted').first().waitFor()
  t.equal(await page.locator('.call-row.is-corrupted .mark-corrupted').count(), 1, 'where the lost part was')

  await search.fill(LOST_ROOT_PATH)
  await page.locator('.transaction-row', { hasText: LOST_ROOT_PATH }).click()
  await page.getByRole('status').getByText('Spans of this transaction are still missing').waitFor({ timeout: SLOW_MS })
  await page.locator('.call-row').first().waitFor()
  t.same(problems, [])
  await page.context().close()
})

t.test('the inspector has the agent, its charts and what happened to it', async (t) => {
  const { page, problems } = await openPage(browser, site.origin)
  await page.goto(`${site.origin}/#/inspector/${FRONT}/${MEASURED}`)
  await page.getByRole('heading', { name: 'relay152' }).waitFor({ timeout: SLOW_MS })
  t.match(await page.locator('.agent-facts').innerText(), /1\.5\.2[\s\S]*G1/)
  for (const chart of ['Heap', 'Non-heap', 'CPU', 'Transactions per second', 'Active threads']) {
    await page.getByRole('region', { name: chart, exact: true }).locator('canvas').waitFor({ timeout: SLOW_MS })
  }
  await page.goto(`${site.origin}/#/inspector/${FRONT}/20m`)
  await page.getByText('Agent connected').first().waitFor({ timeout: SLOW_MS })
  await page.getByText('Agent shut down').first().waitFor()
  const listed = page.locator('.agent-list li', { hasText: 'relay152' })
  await listed.getByText('Shut down').waitFor({ timeout: SLOW_MS })
  t.same(problems, [])
  await page.context().close()
})

t.test('what agents send is shown as text, never as markup', async (t) => {
  await sendHostileAgent(site)
  const { page, problems } = await openPage(browser, site.origin)
  await page.goto(site.origin)
  await page.getByRole('option', { name: HOSTILE_NAME }).click({ timeout: SLOW_MS })
  await page.locator('.map-node.is-main').waitFor({ timeout: SLOW_MS })
  t.match(await page.locator('.map-node.is-main title').textContent(), HOSTILE_NAME)
  await page.getByRole('button', { name: 'List all' }).click()
  await page.locator('.transaction-row', { hasText: '<script>' }).first().click({ timeout: SLOW_MS })
  await page.locator('.call-row').first().waitFor({ timeout: SLOW_MS })
  t.match(await page.locator('.transaction-head h2').innerText(), HOSTILE_PATH)
  t.match(await page.locator('.call-sql').first().innerText(), HOSTILE_PATH)
  await page.goto(`${site.origin}/#/inspector/${encodeURIComponent(HOSTILE_NAME)}@TOMCAT/5m`)
  await page.getByRole('heading', { name: HOSTILE_NAME }).waitFor({ timeout: SLOW_MS })
  t.equal(await page.evaluate('window.broken'), undefined)
  t.equal(await page.locator('main script, main img, header img').count(), 0)
  t.same(problems, [])
  await page.context().close()
})

t.test('it speaks Korean to Korean browsers, and changes language and colours by a switch', async (t) => {
  const { page, problems } = await openPage(browser, site.origin, { locale: 'ko-KR', colorScheme: 'dark' })
  await page.goto(`${site.origin}/#/main/${FRONT}`)
  await page.getByText('응답 시간').first().waitFor({ timeout: SLOW_MS })
  t.equal(await page.locator('html').getAttribute('lang'), 'ko')
  t.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
  await page.getByRole('button', { name: /English/ }).click()
  await page.getByText('Response time').first().waitFor()
  await page.getByRole('button', { name: /^Colours/ }).click()
  await page.locator('html[data-theme=light]').waitFor()
  await page.reload()
  await page.getByText('Response time').first().waitFor({ timeout: SLOW_MS })
  t.equal(await page.locator('html').getAttribute('data-theme'), 'light', 'the choice is kept')
  t.same(problems, [])
  await page.context().close()
})

t.test('empty ranges and unknown names say what to do', async (t) => {
  const { page, problems } = await openPage(browser, site.origin)
  await page.goto(`${site.origin}/#/main/${OTHER}/5m/2020-01-01-00-00-00`)
  await page.getByRole('heading', { name: 'No requests in this time range' }).waitFor({ timeout: SLOW_MS })
  await page.getByRole('button', { name: 'Show the last 1d' }).click()
  await page.locator('.map-node.is-main').waitFor({ timeout: SLOW_MS })
  await page.goto(`${site.origin}/#/main/NOWHERE@TOMCAT`)
  await page.getByRole('heading', { name: 'NOWHERE@TOMCAT is not known here' }).waitFor({ timeout: SLOW_MS })
  await page.goto(`${site.origin}/#/transactionList/${FRONT}/5m/2020-01-01-00-00-00`)
  await page.getByRole('heading', { name: 'Nothing is selected' }).waitFor()
  t.same(problems, [])
  await page.context().close()
})

t.test('when the collector does not answer it says so, and tries again when asked', async (t) => {
  const { page, problems } = await openPage(browser, site.origin, {}, /ERR_FAILED|status of 503/)
  await page.route('**/getServerMapData.pinpoint*', (route) => route.abort())
  await page.goto(`${site.origin}/#/main/${FRONT}`)
  const alert = page.getByRole('alert')
  await alert.getByRole('heading', { name: 'The collector does not answer' }).waitFor({ timeout: SLOW_MS })
  await page.unroute('**/getServerMapData.pinpoint*')
  await alert.getByRole('button', { name: 'Try again' }).click()
  await page.locator('.map-node.is-main').waitFor({ timeout: SLOW_MS })

  const body = JSON.stringify({ error: 'store', message: 'region server x is away' })
  await page.route('**/transactionInfo.pinpoint*', (route) => route.fulfill({ status: 503, body }))
  await page.goto(`${site.origin}/#/transactionDetail/a%5E1%5E2/0`)
  await alert.getByText('region server x is away').waitFor()
  t.same(problems, [])
  await page.context().close()
})

t.test('in real time a request has its dot within five seconds', async (t) => {
  const { page, problems } = await openPage(browser, site.origin)
  await page.goto(`${site.origin}/#/main/${encodeURIComponent(HOSTILE_NAME)}@TOMCAT/realtime`)
  await page.getByText('Drag a rectangle to list its transactions').waitFor({ timeout: SLOW_MS })
  const dots = async (): Promise<number> => Number((await page.locator('.dot-failed b').innerText()).replace(',', ''))
  t.ok(await eventually(async () => (await dots()) === 1), 'the one of before')
  await sendHostileAgent(site)
  const sent = Date.now()
  t.ok(await eventually(async () => (await dots()) === 2, 5_000), `${Date.now() - sent} ms after it was stored`)
  t.same(problems, [])
  await page.context().close()
})

t.test('on a narrow screen nothing is out of reach', async (t) => {
  const { page, problems } = await openPage(browser, site.origin, { viewport: { width: 390, height: 800 } })
  await page.goto(`${site.origin}/#/main/${FRONT}`)
  await page.locator('.scatter-plot').waitFor({ timeout: SLOW_MS })
  t.equal(await page.evaluate('document.documentElement.scrollWidth'), 390)
  for (const button of await page.locator('header button:visible, header a:visible').all()) {
    const box = (await button.boundingBox())!
    t.ok(box.x >= 0 && box.x + box.width <= 390, await button.evaluate((e) => e.outerHTML.slice(0, 60)))
  }
  t.same(problems, [])
  await page.context().close()
})

function node(page: Page, label: string): Locator {
  return page.getByRole('button', { name: new RegExp(`^${label}:`) })
}

async function centre(element: Locator): Promise<{ x: number; y: number }> {
  const box = (await element.boundingBox())!
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** Pixels of the scatter chart that are not empty. */
function paintedPixels(page: Page): Promise<number> {
  return page.evaluate(`{
    const canvas = document.querySelector('canvas.scatter-dots')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    data.filter((alpha, i) => i % 4 === 3 && alpha > 0).length
  }`)
}
