import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { openBrowser, openPage } from '../builders/browser.js'
import { openSite, replayRecordings } from '../builders/page-site.js'

// Makes the pictures of docs/images anew: `npm run screenshots`. Recorded agents report for two minutes to a collector
// of its own, so that the charts have a width. The picture of the inspector is not among them: its event marks need an
// agent that runs for minutes, measures itself and is stopped, see docs/guide/web.md.

const IMAGES = fileURLToPath(new URL('../../../docs/images/', import.meta.url))
const FRONT = 'RELAY-152@TOMCAT'
/** datagrams a second */
const PACE = 3
const SETTLED_MS = 1_500

mkdirSync(IMAGES, { recursive: true })
const site = await openSite()
const browser = await openBrowser()

async function picture(
  name: string,
  hash: string,
  options: object,
  steps?: (page: Page) => Promise<void>,
): Promise<void> {
  const { page, problems } = await openPage(browser, site.origin, options)
  await page.goto(site.origin + hash)
  await page.waitForTimeout(SETTLED_MS)
  await steps?.(page)
  await page.waitForTimeout(SETTLED_MS)
  await page.screenshot({ path: `${IMAGES}${name}.png` })
  await page.context().close()
  if (problems.length > 0) throw new Error(`${name}: ${problems.join('\n')}`)
}

async function listing(page: Page, path: string): Promise<void> {
  await page.getByRole('button', { name: 'List all' }).click()
  await page.getByPlaceholder('Filter by path, agent or client').fill(path)
  const row = page.locator('.transaction-row').filter({ has: page.getByText(path, { exact: true }) })
  await row.first().click()
  await page.locator('.call-row').first().waitFor()
}

const map = `/#/main/${FRONT}/5m`
try {
  await picture('no-agents', '/', {})
  await replayRecordings(site, PACE)
  await picture('server-map', map, {})
  await picture('server-map-dark-korean', map, { locale: 'ko-KR', colorScheme: 'dark' })
  await picture('connection', map, {}, (page) =>
    page.getByRole('button', { name: /^RELAY-152 to demo/ }).press('Enter'),
  )
  await picture('call-tree-sql', map, {}, async (page) => {
    await listing(page, '/do/db')
    await page.locator('.call-bind').first().click()
    await page.keyboard.press('ArrowUp')
  })
  await picture('call-tree-exception', map, { colorScheme: 'dark' }, async (page) => {
    await listing(page, '/do/dbfailout')
    await page.locator('.call-exception').first().click()
  })
  await picture('timeline', map, {}, async (page) => {
    await listing(page, '/do/call')
    await page.getByRole('tab', { name: 'Timeline' }).click()
  })
  await picture('narrow', map, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 })
} finally {
  await browser.close()
  await site.collector.kill()
}
