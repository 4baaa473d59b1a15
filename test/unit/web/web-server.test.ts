import { once } from 'node:events'
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { Registry } from 'prom-client'
import t, { type Test } from 'tap'
import { defaultSettings, type Settings } from '../../../src/config/settings.js'
import { StoreError } from '../../../src/errors.js'
import type { Table } from '../../../src/row/tables.js'
import { NullStore } from '../../../src/store/null.js'
import type { Store, StoredRow, UnsaltedRange } from '../../../src/store/store.js'
import { createWebServer } from '../../../src/web/web-server.js'
import { loadDump } from '../../builders/dump-rows.js'
import { goldenRows, readGolden } from '../../builders/golden.js'
import { openStore, scratchDir } from '../store/rows.js'

function server(
  t: Test,
  store: Store,
  settings: Partial<Settings> = {},
  error = (...told: unknown[]): void => void t.fail('logged', { told }),
): FastifyInstance {
  const http = createWebServer({
    settings: defaultSettings(settings),
    store,
    log: { error },
    registry: new Registry(),
    version: '1.2.3',
  })
  t.teardown(() => http.close())
  return http
}

/** Reads nothing until its reader has left. */
function slowStore(): { store: Store; begun: Promise<AbortSignal> } {
  let begin = (_signal: AbortSignal): void => {}
  const begun = new Promise<AbortSignal>((resolve) => (begin = resolve))
  const store: Store = new NullStore()
  const next = async (signal: AbortSignal): Promise<never> => {
    begin(signal)
    await once(signal, 'abort')
    throw signal.reason
  }
  store.scanUnsalted = (_table: Table, { signal }: UnsaltedRange): AsyncIterable<StoredRow[]> => ({
    [Symbol.asyncIterator]: () => ({ next: () => next(signal!) }),
  })
  return { store, begun }
}

t.test('metrics tell what was asked and how it was answered, settings hide secrets', async (t) => {
  const http = server(t, new NullStore(), { httpPassword: 's3cret' })
  const authorization = `Basic ${Buffer.from('any:s3cret').toString('base64')}`
  const ask = async (url: string): Promise<string> => (await http.inject({ url, headers: { authorization } })).body
  await ask('/applications.pinpoint')
  await ask('/getAgentInfo.pinpoint')
  await ask('/nothing')
  const config = await ask('/debug/config')
  t.match(config, '"name":"query.maxBytes","value":"128MiB","source":"default"')
  t.notMatch(config, 's3cret')
  t.equal((await http.inject('/debug/config')).statusCode, 401)
  const { body, statusCode } = await http.inject('/metrics')
  t.equal(statusCode, 200, 'without the password')
  t.match(body, 'pinpoint_web_requests_total{route="/applications.pinpoint",code="200"} 1')
  t.match(body, 'pinpoint_web_requests_total{route="/getAgentInfo.pinpoint",code="400"} 1')
  t.match(body, 'pinpoint_web_requests_total{route="none",code="404"} 1')
  t.match(body, 'pinpoint_web_requests_running 1')
  t.match(body, 'pinpoint_build_info{version="1.2.3"} 1')
})

t.test('it is ready when the store is', async (t) => {
  class AwayStore extends NullStore {
    override async health(): ReturnType<Store['health']> {
      return { ok: false, reason: 'no region server answers', tables: [{ name: 'Traces', problem: 'missing' }] }
    }
  }
  const away = await server(t, new AwayStore()).inject('/health/ready')
  t.equal(away.statusCode, 503)
  t.same(away.json().reasons, ['store: no region server answers', 'table Traces: missing'])
  t.equal((await server(t, new NullStore()).inject('/health/ready')).statusCode, 200)
})

t.test('a query ends when its browser leaves', async (t) => {
  const { store, begun } = slowStore()
  const http = server(t, store)
  await http.listen({ port: 0, host: '127.0.0.1' })
  const { port } = http.server.address() as AddressInfo
  const path = '/getScatterData.pinpoint?application=A&from=1&to=2&xGroupUnit=1&yGroupUnit=1&limit=10'
  const request = get({ port, host: '127.0.0.1', path, agent: false }).on('error', () => {})
  const signal = await begun
  t.notOk(signal.aborted)
  request.destroy()
  await once(signal, 'abort')
  const counted = async (): Promise<boolean> =>
    (await http.inject('/metrics')).body.includes('requests_total{route="/getScatterData.pinpoint",code="499"} 1')
  while (!(await counted())) await new Promise(setImmediate)
})

t.test('a request that would read or repeat too many bytes is refused', async (t) => {
  const { now, answers } = readGolden()
  const store = openStore(t, { dataDir: scratchDir(t), now: () => now })
  await store.ensureTables()
  await loadDump(store, goldenRows())
  const small = server(t, store, { queryMaxBytes: 2_000 })
  const { query } = answers.find(({ request }) => request.route === 'transactionInfo')!.request
  const url = `/transactionInfo.pinpoint?traceId=${encodeURIComponent(String(query.traceId))}`
  const refused = await small.inject(url)
  t.equal(refused.statusCode, 413)
  t.match(refused.json(), { error: 'QUERY_TOO_MANY_BYTES', message: /query.maxBytes/ })
  t.equal((await server(t, store).inject(url)).statusCode, 200)
})

t.test('a store that is away is told with its reason, and logged at a bounded rate', async (t) => {
  const failing = (error: Error): Store => {
    const store: Store = new NullStore()
    store.scanUnsalted = (): AsyncIterable<StoredRow[]> => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
    })
    return store
  }
  const logged: unknown[][] = []
  const log = (...told: unknown[]): void => void logged.push(told)
  const away = server(t, failing(new StoreError('no_server', 'no region server answers', true)), {}, log)
  for (let i = 0; i < 3; i++) {
    const answer = await away.inject('/applications.pinpoint')
    t.equal(answer.statusCode, 503)
    t.match(answer.headers['retry-after'], /^[1-9]\d*$/)
    t.same(answer.json(), { error: 'STORE_NO_SERVER', message: 'no region server answers' })
  }
  t.equal(logged.length, 1)
  t.match(logged[0], [{ url: '/applications.pinpoint' }, /no region server answers/])
  const broken = server(t, failing(new StoreError('rejected', 'a secret', false)), {}, log)
  const answer = await broken.inject('/applications.pinpoint')
  t.equal(answer.statusCode, 500)
  t.notMatch(answer.body, 'secret')
  t.equal(logged.length, 2)
})

t.test('so many queries run at a time, some wait, more are refused', async (t) => {
  const running: (() => void)[] = []
  const store: Store = new NullStore()
  store.scanUnsalted = (): AsyncIterable<StoredRow[]> => ({
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        await new Promise<void>((resolve) => running.push(resolve))
        return { done: true, value: undefined }
      },
    }),
  })
  const http = server(t, store, { queryMaxRunning: 2 }, () => {})
  const asked = Array.from({ length: 2 + 32 }, async () => http.inject('/applications.pinpoint'))
  while (running.length < 2) await new Promise(setImmediate)
  const refused = await http.inject('/applications.pinpoint')
  t.equal(refused.statusCode, 503)
  t.match(refused.headers['retry-after'], /^[1-9]\d*$/)
  t.match(refused.json(), { error: 'QUERY_TOO_MANY_RUNNING', message: /query.maxRunning/ })
  let most = 0
  for (let ended = 0; ended < asked.length; ended++) {
    while (running.length === 0) await new Promise(setImmediate)
    most = Math.max(most, running.length)
    running.shift()?.()
  }
  for (const { statusCode } of await Promise.all(asked)) t.equal(statusCode, 200)
  t.equal(most, 2)
})
