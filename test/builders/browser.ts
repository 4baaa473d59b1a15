import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { chromiumPath } from '../../tools/chromium.js'

/** Debian's chromium without a window; as root it does not start with its sandbox. */
export function openBrowser(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error('no chromium; see tools/install-chromium.ts')
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

/** runs in the browser */
const TELL_BREACHES = `
  document.addEventListener('securitypolicyviolation', (e) =>
    console.error('policy:', e.violatedDirective, e.blockedURI, e.sample))`

export interface WatchedPage {
  page: Page
  /** errors and warnings of the console, uncaught exceptions, breaches of the content security policy, foreign requests */
  problems: string[]
}

/** A page whose every complaint is kept. Requests that are meant to fail are announced by `expected`. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
  expected: RegExp = /$^/,
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'UTC',
    colorScheme: 'light',
    ...options,
  })
  const page = await context.newPage()
  const problems: string[] = []
  const note = (problem: string): void => {
    if (!expected.test(problem)) problems.push(problem)
  }
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) note(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => note(`exception: ${error.message}`))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) note(`foreign request: ${request.url()}`)
  })
  await page.addInitScript(TELL_BREACHES)
  return { page, problems }
}
