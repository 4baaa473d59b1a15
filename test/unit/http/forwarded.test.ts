import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import t from 'tap'
import { addForwardedApi } from '../../../src/http/api/api.js'
import { guardedServer } from '../../../src/http/server.js'
import { BadRequest } from '../../../src/query/bad-request.js'

t.test('what the reader answers is passed on, and why there is none is told', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'fwd-'))
  const socketPath = join(directory, 'sock')
  const reader = Fastify()
  reader.get('/serverTime.pinpoint', async (_request, reply) =>
    reply.code(503).header('retry-after', '5').send({ error: 'STORE_NO_SERVER' }),
  )
  await reader.listen({ path: socketPath })
  let away = false
  const http = guardedServer({ log: { error: () => {} }, password: null })
  addForwardedApi(http, async () => {
    if (away) throw new BadRequest('no_reader', 'it ended', 503)
    return socketPath
  })
  t.teardown(async () => {
    await http.close()
    await reader.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const passed = await http.inject('/serverTime.pinpoint')
  t.match(passed, { statusCode: 503, headers: { 'retry-after': '5' } })
  t.same(passed.json(), { error: 'STORE_NO_SERVER' })
  away = true
  const none = await http.inject('/serverTime.pinpoint')
  t.equal(none.statusCode, 503)
  t.same(none.json(), { error: 'QUERY_NO_READER', message: 'it ended' })
})

t.test('a question that comes when the reader has just ended is asked once more, never twice', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'fwd-'))
  const [ended, ending, next] = [join(directory, 'ended'), join(directory, 'ending'), join(directory, 'next')]
  const killed = createServer((socket) => socket.once('data', () => socket.destroy())).listen(ending)
  const reader = Fastify()
  reader.get('/serverTime.pinpoint', async () => ({ currentServerTime: 1 }))
  await reader.listen({ path: next })
  const sockets = [ended, next, ending, next, ended, ended, ending, ending, next]
  const http = guardedServer({ log: { error: () => {} }, password: null })
  addForwardedApi(http, async () => sockets.shift()!)
  t.teardown(async () => {
    await http.close()
    await reader.close()
    killed.close()
    rmSync(directory, { recursive: true, force: true })
  })
  t.same((await http.inject('/serverTime.pinpoint')).json(), { currentServerTime: 1 }, 'it was gone')
  t.same((await http.inject('/serverTime.pinpoint')).json(), { currentServerTime: 1 }, 'it was going')
  for (const message of [/ENOENT.*; ask again/, /hang up; ask again/]) {
    const failed = await http.inject('/serverTime.pinpoint')
    t.match(failed, { statusCode: 502 })
    t.match(failed.json(), { error: 'QUERY_READER_FAILED', message })
  }
  t.same(sockets, [next])
})
