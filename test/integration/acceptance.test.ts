import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { Collector, temporaryDirectory } from '../builders/collector.js'
import { type FakeStack, fakeStack } from '../builders/fake-stack.js'

const PROGRAM = fileURLToPath(new URL('../acceptance/acceptance.js', import.meta.url))
const BIN = fileURLToPath(new URL('../../../bin/pinpoint-collector', import.meta.url))
const APPLICATION = 'spring-music'

/** An application that writes down its environment and answers. */
const APP = `
  require('node:fs').writeFileSync(process.argv[1], JSON.stringify(process.env))
  require('node:http').createServer((_, r) => r.end('hello')).listen(process.argv[2], '127.0.0.1')
`

interface Played {
  code: number | null
  text: string
}

interface Site {
  directory: string
  collector: Collector
  stack: FakeStack
  appPort: number
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** An agent as it is shipped, as far as a platform looks at it. */
function agent(directory: string): string {
  const folder = join(directory, 'agent')
  mkdirSync(folder)
  writeFileSync(join(folder, 'pinpoint-bootstrap-1.5.2.jar'), '')
  const lines = [
    'profiler.collector.ip=127.0.0.1',
    ...['tcp', 'stat', 'span'].map((p) => `profiler.collector.${p}.port=0`),
  ]
  writeFileSync(join(folder, 'pinpoint.config'), lines.join('\n'))
  return folder
}

async function site(t: Test, wrong: { credentials?: object; requests?: number } = {}): Promise<Site> {
  const directory = temporaryDirectory()
  const collector = await Collector.start({ workers: 1, dataDir: join(directory, 'data') })
  const credentials = {
    application_name: APPLICATION,
    collector_host: '127.0.0.1',
    collector_span_port: collector.ports.span,
    collector_stat_port: collector.ports.stat,
    collector_tcp_port: collector.ports.tcp,
    ...wrong.credentials,
  }
  const stack = await fakeStack({ password: 'secret', credentials, requests: wrong.requests ?? 3 })
  t.teardown(async () => {
    stack.close()
    await collector.stop()
  })
  return { directory, collector, stack, appPort: await freePort() }
}

async function play({ directory, collector, stack, appPort }: Site): Promise<Played> {
  writeFileSync(join(directory, 'app.cjs'), APP)
  const app = `"${process.execPath}" -e "$(cat '${directory}/app.cjs')" '${directory}/env.json' ${appPort}`
  const options = {
    collector: `http://127.0.0.1:${collector.ports.http}`,
    web: stack.url,
    broker: stack.url,
    cli: `"${process.execPath}" "${BIN}"`,
    'app-url': `http://127.0.0.1:${appPort}/`,
    'start-app': app,
    agent: agent(directory),
    wait: '4',
  }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  // as Collector does: nothing of the test runner's in the environment
  const { PATH = '', HOME = '' } = process.env
  const clean = ['-i', `PATH=${PATH}`, `HOME=${HOME}`, 'BROKER_PASSWORD=secret', `PINPOINT_DATA_DIR=${directory}/data`]
  const child = spawn('env', [...clean, process.execPath, PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const [code] = await once(child, 'close')
  return { code, text }
}

t.test('a stack that does all that the guide shows is accepted', async (t) => {
  const there = await site(t)
  const { code, text } = await play(there)
  t.equal(code, 0, text)
  t.match(text, /passed: 12, failed: 0, without a counterpart: 9/)

  const environment = JSON.parse(readFileSync(join(there.directory, 'env.json'), 'utf8'))
  t.match(
    environment.JAVA_OPTS,
    /^-javaagent:.*pinpoint-bootstrap-1\.5\.2\.jar -Dpinpoint\.agentId=\d{1,10} -Dpinpoint/,
  )
  t.equal(environment.PINPOINT_COLLECTOR_TCP_PORT, String(there.collector.ports.tcp))
  t.equal(JSON.parse(environment.VCAP_SERVICES).Pinpoint[0].name, 'PS1')
  const [, jar] = /-javaagent:(\S+)/.exec(environment.JAVA_OPTS)!
  t.notOk(existsSync(jar), 'the copy of the agent is gone')
  await t.rejects(fetch(`http://127.0.0.1:${there.appPort}/`), 'the application is ended')

  const deletes = there.stack.calls.filter((call) => call.startsWith('DELETE'))
  t.equal(deletes.length, 4, 'instance and binding are removed')
})

t.test('a stack with faults is not', async (t) => {
  const { code, text } = await play(await site(t, { credentials: { collector_tcp_port: '29994' }, requests: 0 }))
  t.equal(code, 1)
  t.match(text, 'WRONG  credentials have the exact shape: collector_tcp_port: no port number')
  t.match(text, 'WRONG  the step comes to its end: step 16 left no credentials')
  t.match(text, 'WRONG  its node of the server map counts requests: 200')
})

t.test('an application that is not the one started is not taken for it', async (t) => {
  const there = await site(t)
  const other = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))
  other.listen(there.appPort, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => other.close())
  const { code, text } = await play(there)
  t.equal(code, 1)
  t.match(text, 'answers before the start: stop what is there')
})
