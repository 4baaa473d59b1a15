import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { addSecurityHeaders } from '../../../src/http/headers.js'
import { addPage } from '../../../src/http/page.js'

const HTML = '<!doctype html><title>Pinpoint</title>'

async function page(t: Test): Promise<FastifyInstance> {
  const directory = t.testdir({ 'secret.txt': 'secret' })
  const built = join(directory, 'page')
  mkdirSync(join(built, 'assets'), { recursive: true })
  writeFileSync(join(built, 'index.html'), HTML)
  writeFileSync(join(built, 'assets/index-a1.js'), 'let a')
  const server = Fastify()
  addSecurityHeaders(server)
  t.equal(addPage(server, built), true)
  return server
}

t.test('the page is at /, never kept; its parts have names of their own and are kept', async (t) => {
  const server = await page(t)
  const start = await server.inject('/')
  t.equal(start.body, HTML)
  t.equal(start.headers['content-type'], 'text/html; charset=utf-8')
  t.equal(start.headers['cache-control'], 'no-store')
  t.match(start.headers['content-security-policy'], "default-src 'self'")
  const part = await server.inject('/assets/index-a1.js')
  t.equal(part.headers['content-type'], 'text/javascript; charset=utf-8')
  t.match(part.headers['cache-control'], 'immutable')
})

t.test('it is zipped for those who understand that', async (t) => {
  const server = await page(t)
  const { rawPayload, headers } = await server.inject({ url: '/', headers: { 'accept-encoding': 'br, gzip' } })
  t.equal(headers['content-encoding'], 'gzip')
  t.equal(gunzipSync(rawPayload).toString(), HTML)
  t.equal((await server.inject('/')).headers['content-encoding'], undefined)
})

t.test('no path leads to another file', async (t) => {
  const server = await page(t)
  for (const url of ['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/index.html']) {
    t.equal((await server.inject(url)).statusCode, 404, url)
  }
})

t.test('where the page is not built nothing is served', async (t) => {
  t.equal(addPage(Fastify(), join(t.testdir(), 'page')), false)
})
