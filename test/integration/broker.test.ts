import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { bindCall, instancePath, provisionCall } from '../builders/broker.js'
import { BrokerRange } from '../builders/broker-killed.js'
import { BrokerProcess, brokerEnds, ended } from '../builders/broker-process.js'
import { run, temporaryDirectory } from '../builders/collector.js'

t.test('it starts, serves, stops on SIGTERM, and goes on where it was', async (t) => {
  const stateDir = temporaryDirectory()
  const broker = await BrokerProcess.start({ stateDir })
  t.match(broker.ready, /^READY broker=\d+ collectors=2 pid=\d+$/)
  t.same(await broker.call(provisionCall('i')), { status: 201, body: { dashboard_url: 'http://page/#/main' } })
  const bound = await broker.call(bindCall('i', 'b'))
  t.match(bound, { status: 201, body: { credentials: { collector_host: 'c1', collector_tcp_port: 29994 } } })
  t.same(await broker.stop(), { code: 0, signal: null })

  const again = await BrokerProcess.start({ stateDir, collectors: ['c2'], args: ['--tcp-port', '9994'] })
  t.same(await again.call(bindCall('i', 'b')), { status: 200, body: bound.body })
  t.match(await again.call(bindCall('i', 'c')), {
    status: 201,
    body: { credentials: { collector_host: 'c2', collector_tcp_port: 9994 } },
  })
  t.match(await again.call({ method: 'GET', path: '/metrics' }), { body: /process_resident_memory_bytes/ })
  t.same(await again.stop(), { code: 0, signal: null })
})

t.test('calls under way at SIGTERM are answered, or were not begun', async (t) => {
  const stateDir = temporaryDirectory()
  const broker = await BrokerProcess.start({ stateDir })
  const calls = Array.from({ length: 50 }, (_, i) => broker.call(provisionCall(`i${i}`)).catch(() => undefined))
  await Promise.race(calls)
  const exit = broker.stop()
  const acknowledged = (await Promise.all(calls)).flatMap((answer, i) => (answer?.status === 201 ? [`i${i}`] : []))
  t.same(await exit, { code: 0, signal: null })
  t.ok(acknowledged.length > 0)
  const again = await BrokerProcess.start({ stateDir })
  for (const id of acknowledged) t.equal((await again.call({ method: 'GET', path: instancePath(id) })).status, 200, id)
  await again.stop()
})

t.test('100 binds at a time over HTTP are spread evenly', async (t) => {
  const broker = await BrokerProcess.start({ stateDir: temporaryDirectory(), collectors: ['c1', 'c2', 'c3', 'c4'] })
  await broker.call(provisionCall('i'))
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => broker.call(bindCall('i', `b${i}`))))
  const hosts = answers.map((a) => (a.body as { credentials: { collector_host: string } }).credentials.collector_host)
  for (const host of ['c1', 'c2', 'c3', 'c4']) t.equal(hosts.filter((h) => h === host).length, 25, host)
  await broker.stop()
})

t.test('kill -9 in the middle of calls: what was acknowledged is there', async (t) => {
  const range = new BrokerRange(temporaryDirectory())
  for (let shot = 0; shot < 3; shot++) {
    const { acknowledged, wrong } = await range.shoot(200)
    t.ok(acknowledged >= 100, `${acknowledged} acknowledged`)
    t.same(wrong, [])
  }
})

t.test('a second broker and a damaged file are refused', async (t) => {
  const stateDir = temporaryDirectory()
  const broker = await BrokerProcess.start({ stateDir })
  await broker.call(provisionCall('i'))
  t.match(await brokerEnds({ stateDir }), { code: 1, said: /another broker uses .*; stop it, or set broker\.stateDir/ })
  await broker.kill()

  const path = join(stateDir, 'broker-state.jsonl')
  const damaged = readFileSync(path, 'utf8').replace('org-1', 'org-2')
  writeFileSync(path, damaged)
  t.match(await brokerEnds({ stateDir }), {
    code: 1,
    said: /is damaged: its checksum does not fit\. Nothing was changed/,
  })
  t.equal(readFileSync(path, 'utf8'), damaged)
})

t.test('without password or collectors it does not start', async (t) => {
  const { code, said } = await ended(run(['broker', '--broker-port', '0', '--tcp-port', '0'], false))
  t.equal(code, 2)
  t.match(said, /broker\.collectors \(PINPOINT_BROKER_COLLECTORS\) is not set/)
  t.match(said, /broker\.password \(PINPOINT_BROKER_PASSWORD\) is not set; .*PINPOINT_BROKER_PASSWORD_FILE/)
  t.match(said, /tcp\.port \(PINPOINT_TCP_PORT\) is 0/)
})
