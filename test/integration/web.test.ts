import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import t from 'tap'
import { eventually, run } from '../builders/collector.js'
import { openSite, replayRecordings } from '../builders/page-site.js'
import { canonical } from '../parity/canonical.js'
import { fetchJson } from '../parity/fetch-json.js'
import type { Json } from '../parity/lossless-json.js'

const site = await openSite()
t.teardown(() => site.collector.stop())
const { origin, began } = site

interface Named {
  applicationName: string
  serviceType: string
}

async function ask(base: string, route: string, query: Record<string, string | number> = {}): Promise<Json> {
  const { json, failed } = await fetchJson(base, { route, query })
  if (failed) throw new Error(`${route}: ${JSON.stringify(json)}`)
  return json
}

/** The process of the collector that answers queries. */
function readerPid(): number | undefined {
  const isReader = (pid: number): boolean => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('reader-program')
  return site.collector.usage().find(({ pid }) => isReader(pid))?.pid
}

t.test('the web command answers from a store that a collector is writing', async (t) => {
  const child = run(['web', '--data-dir', site.collector.dataDir, '--http-port', '0'], true)
  t.teardown(() => child.kill('SIGKILL'))
  child.stderr.resume()
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const web = `http://127.0.0.1:${/http=(\d+)/.exec(line)?.[1]}`
  t.same(await ask(web, 'applications'), [])
  await replayRecordings(site)
  const names = (await ask(web, 'applications')) as unknown as Named[]
  t.ok(names.length >= 2, `${names.length} applications`)
  const range = { from: began - 60_000, to: Date.now() + 60_000 }
  for (const { applicationName, serviceType } of names) {
    const map = { applicationName, serviceTypeName: serviceType, ...range }
    const scatter = { application: applicationName, ...range, xGroupUnit: 1, yGroupUnit: 1, limit: 1_000 }
    for (const [route, query] of [
      ['getServerMapData', map],
      ['getScatterData', scatter],
    ] as const) {
      const theirs = canonical(await ask(web, route, query))
      t.same(canonical(await ask(origin, route, query)), theirs, `${route} of ${applicationName}`)
      t.ok(JSON.stringify(theirs).length > 300, `${route} of ${applicationName} says something`)
    }
  }
  t.equal((await fetch(`${web}/health/ready`)).status, 200)
  child.kill('SIGTERM')
  t.same(await once(child, 'exit'), [0, null])
})

t.test('the process that answers queries is started again after it died', async (t) => {
  const before = await ask(origin, 'applications')
  const first = readerPid()!
  process.kill(first, 'SIGKILL')
  t.ok(await eventually(() => readerPid() === undefined))
  t.same(await ask(origin, 'applications'), before)
  t.not(readerPid(), first)
  t.equal((await fetch(`${origin}/health/ready`)).status, 200)
})
