import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { addApi } from '../../src/http/api/api.js'
import { answerErrorsAsJson } from '../../src/http/errors.js'
import { TABLES } from '../../src/row/tables.js'
import { HbaseStore } from '../../src/store/hbase/hbase-store.js'
import { dumpLines } from '../builders/dump-rows.js'
import { GOLDEN_LIMITS, type Golden, injectedJson } from '../builders/golden.js'
import { recordedStore } from '../builders/recorded-store.js'
import { fetchJson } from './fetch-json.js'
import { type ApiRequest, requests } from './requests.js'

const USAGE = `Records answers of the original web 1.5.2, and the rows that they are made of.

  node dist/test/parity/record-golden.js --original URL --hbase HOST:PORT --from MS --to MS --out NAME

Writes NAME.json.gz (requests and the original's answers) and NAME.rows.gz (as dump --ts prints them), for the
tests of the read API. The range should have a few dozen transactions of each application.`

/** Requests of one route that are tried; those are kept whose answers differ, so many. */
const CANDIDATES = 80
const EACH = 9
/** a prime */
const STEP = 37
const MORE: Record<string, number> = { transactionInfo: 30, getAgentEvent: 20 }
/** They depend on the clock of the server. */
const MOVING = /^(serverTime|getLast)/

const { values } = parseArgs({
  options: {
    original: { type: 'string' },
    hbase: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    out: { type: 'string' },
  },
})
const { original, hbase, from, to, out } = values
if (original === undefined || hbase === undefined || from === undefined || to === undefined || out === undefined) {
  console.error(USAGE)
  process.exit(2)
}

const now = Date.now()
const store = recordedStore(new HbaseStore({ quorum: hbase }))
const server = Fastify({ logger: false })
answerErrorsAsJson(server, { error: (...told: unknown[]) => console.error(...told) })
addApi(server, { store, limits: GOLDEN_LIMITS, maxRunning: 4, now: () => now })

const byRoute = new Map<string, ApiRequest[]>()
const options = { from: Number(from), to: Number(to), transactions: 12 }
for await (const request of requests(async (question) => (await fetchJson(original, question)).json, options)) {
  if (MOVING.test(request.route)) continue
  byRoute.set(request.route, [...(byRoute.get(request.route) ?? []), request])
}
const answers: Golden['answers'] = []
for (const [route, asked] of byRoute) {
  const most = MORE[route] ?? EACH
  const kept = new Set<string>()
  for (const request of mixed(evenly(asked, CANDIDATES))) {
    const { failed, json } = await fetchJson(original, request)
    const text = JSON.stringify(json)
    if (failed || kept.size >= most || kept.has(text)) continue
    kept.add(text)
    await injectedJson(server, request)
    answers.push({ request, json })
  }
}
const lines = TABLES.flatMap((table) => dumpLines(table, store.rows(table)))
await server.close()
await store.close()
const write = (suffix: string, text: string): void => {
  const bytes = gzipSync(text, { level: 9 })
  writeFileSync(`${out}.${suffix}.gz`, bytes)
  console.log(`${out}.${suffix}.gz: ${bytes.length} bytes`)
}
write('json', JSON.stringify({ now, answers } satisfies Golden))
write('rows', `${lines.join('\n')}\n`)
console.log(`${answers.length} answers from ${lines.length} cells`)

function evenly<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all]
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)])
}

/** Applications and agents follow each other in the list: some of all come first. */
function mixed<T>(all: readonly T[]): T[] {
  const step = all.length % STEP === 0 ? 1 : STEP
  return all.map((_, i) => all[(i * step) % all.length])
}
