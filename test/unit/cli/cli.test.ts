import t from 'tap'
import { execute } from '../../../src/cli/cli.js'
import type { Settings } from '../../../src/config/settings.js'
import { SettingsError } from '../../../src/errors.js'
import { type FakeIo, fakeIo, type Sink } from './fake-io.js'

async function run(
  line: string,
  io: FakeIo = fakeIo(),
): Promise<{ code: number; out: string; err: string; io: FakeIo }> {
  const code = await execute(['node', 'pinpoint-collector', ...line.split(' ').filter((w) => w !== '')], io)
  return { code, out: (io.stdout as Sink).text, err: io.stderr.text, io }
}

t.test('start gives the settings to the collector', async (t) => {
  for (const line of [
    'start --tcp-port 1 --no-web --workers 2 --max-size 1GiB --hbase zk:1 --store embedded',
    '--tcp-port 1 --no-web --workers 2 --max-size 1GiB --hbase zk:1 --store embedded',
  ]) {
    const started: Settings[] = []
    const { code } = await run(line, fakeIo({ startCollector: async (s) => void started.push(s) }))
    t.equal(code, 0)
    t.match(started, [{ tcpPort: 1, web: false, workers: 2, maxSizeBytes: 1073741824, hbaseQuorum: ['zk:1'] }])
  }
})

t.test('web gives the settings to the server of page and API', async (t) => {
  const started: Settings[] = []
  const io = fakeIo({ startWeb: async (s) => void started.push(s) })
  const { code } = await run('web --http-host ::1 --http-port 0 --store hbase --hbase zk:1', io)
  t.equal(code, 0)
  t.match(started, [{ httpHost: '::1', httpPort: 0, store: 'hbase', hbaseQuorum: ['zk:1'] }])
  t.match(await run('web --tcp-port 1'), { code: 2, err: /unknown option/ })
})

t.test('options win over the environment', async (t) => {
  const started: Settings[] = []
  const environment = { PINPOINT_TCP_PORT: '1', PINPOINT_STAT_PORT: '2', PINPOINT_WEB: 'false' }
  await run('start --tcp-port 3 --web', fakeIo({ environment, startCollector: async (s) => void started.push(s) }))
  t.match(started, [{ tcpPort: 3, statPort: 2, web: true }])
})

t.test('bad settings and bad usage end with 2', async (t) => {
  const bad = await run('start --tcp-port 70000')
  t.equal(bad.code, 2)
  t.equal(
    bad.err,
    'pinpoint-collector: tcp.port: "70000" from option --tcp-port is not allowed; allowed: a port from 0 (any free one) to 65535\n',
  )
  t.match(await run('start --no-such-option'), { code: 2, err: /unknown option/ })
  t.match(await run('nothing'), { code: 2 })
  t.match(await run('start --config /none.yaml'), { code: 2, err: /cannot read the settings file/ })
  const refuse = (): Promise<void> => Promise.reject(new SettingsError('no such address'))
  t.match(await run('start', fakeIo({ startCollector: refuse })), {
    code: 2,
    err: 'pinpoint-collector: no such address\n',
  })
})

t.test('anything else that fails ends with 1', async (t) => {
  const fail = (): Promise<never> => Promise.reject(new Error('port 29994 is in use; stop the other collector'))
  t.match(await run('start', fakeIo({ startCollector: fail })), { code: 1, err: /port 29994 is in use/ })
  t.match(await run('dump', fakeIo({ openStore: fail })), { code: 1 })
})

t.test('help and version end with 0, and list what there is', async (t) => {
  const help = await run('--help')
  t.equal(help.code, 0)
  for (const name of ['start', 'web', 'tables', 'dump', 'broker', 'check-config', 'network-test'])
    t.match(help.out, new RegExp(`^ +${name} `, 'm'))
  for (const command of [
    'start',
    'web',
    'dump',
    'tables create',
    'tables check',
    'tables list',
    'check-config',
    'network-test',
  ]) {
    const { code, out } = await run(`${command} --help`)
    t.equal(code, 0)
    for (const option of [
      '--config',
      '--store',
      '--data-dir',
      '--hbase',
      '--log-level',
      '--help',
      '--version',
      '--set',
    ]) {
      t.ok(out.includes(option), `${command} ${option}`)
    }
    t.match(await run(`${command} --version`), { code: 0, out: /^\d+\.\d+\.\d+\n$/ })
  }
  t.match(
    (await run('start --help')).out.replace(/\s+/g, ' '),
    /--tcp-port <port> TCP port of agents.*\(default: 29994; PINPOINT_TCP_PORT\)/,
  )
})

t.test('warnings and notices go to the log before the work', async (t) => {
  const io = fakeIo({ environment: { PINPOINT_TPC_PORT: '1', CLUSTER_ENABLE: 'true' } })
  await run('tables list', io)
  t.match(io.log.text, /"level":"warn".*did you mean PINPOINT_TCP_PORT/)
  t.match(io.log.text, /"level":"info".*CLUSTER_ENABLE has no effect/)
})

t.test('tables list names the tables that are there, as the HBase shell does', async (t) => {
  const { code, out } = await run('tables list')
  t.equal(code, 0)
  const lines = out.trim().split('\n')
  t.equal(lines.length, 16)
  t.match([lines[0], lines[1], lines[14], lines[15]], ['TABLE', 'AgentEvent', 'Traces', '14 row(s)'])

  const io = fakeIo()
  io.store.answer = { ok: false, reason: 'no', tables: [{ name: 'Traces', problem: 'missing; create it' }] }
  t.match(await run('tables list', io), { code: 1, out: /StringMetaData\n13 row\(s\)\n$/ })
})

t.test('tables create shows each step and then the list', async (t) => {
  const io = fakeIo()
  io.store.steps = ['creating Traces', 'creating AgentStat']
  const { code, out } = await run('tables create --ttl traces=7d --data-dir /x', io)
  t.equal(code, 0)
  t.match(out, /^creating Traces\ncreating AgentStat\nTABLE\nAgentEvent\n/)
  t.same(io.opened, [{ mode: 'write', dataDir: '/x' }])
  t.equal(io.store.closed, 1)
})

t.test('tables check says what differs', async (t) => {
  const io = fakeIo()
  io.store.answer = { ok: false, tables: [{ name: 'Traces', problem: 'missing' }] }
  const { code, out, err } = await run('tables check', io)
  t.equal(code, 1)
  t.match(out, /^Traces +missing$/m)
  t.match(out, /^AgentInfo +ok$/m)
  t.match(err, /1 of 14 tables are not right; run "pinpoint-collector tables create"/)
  t.match(io.opened, [{ mode: 'read' }])
  const away = fakeIo()
  away.store.answer = { ok: false, reason: 'ZooKeeper does not answer; start it' }
  t.match(await run('tables check', away), { code: 1, out: '', err: /ZooKeeper does not answer; start it/ })
})

t.test('check-config prints values with their sources', async (t) => {
  const io = fakeIo({
    environment: { PINPOINT_HTTP_PASSWORD: 's3cret', PINPOINT_SPAM_PORT: '1', DISABLE_DEBUG: 'true' },
  })
  const { code, out } = await run('check-config --tcp-port 5', io)
  t.equal(code, 0)
  t.match(out, /^tcp.port +5 +option --tcp-port$/m)
  t.match(out, /^ttl.Traces +7d +default$/m)
  t.match(out, /^http.password +\*\*\* +environment PINPOINT_HTTP_PASSWORD$/m)
  t.match(out, /^warning: unknown environment variable PINPOINT_SPAM_PORT/m)
  t.match(out, /^notice: environment DISABLE_DEBUG has no effect/m)
  t.notMatch(out, /s3cret/)
  const bad = await run('check-config --set tcp.port=x --set host=?')
  t.equal(bad.code, 2)
  t.match(bad.err, /^error: host: .*\nerror: tcp.port: .*\nThe collector would not start/)
  t.match(bad.out, /^tcp.port +29994 +default$/m)
})

t.test('broker gives the settings to the broker', async (t) => {
  const started: Settings[] = []
  const line =
    'broker --collectors c1,c2 --broker-port 1 --development --state-dir s --dashboard-url http://d/ --tcp-port 2'
  const { code } = await run(line, fakeIo({ startBroker: async (s) => void started.push(s) }))
  t.equal(code, 0)
  t.match(started, [
    {
      brokerCollectors: ['c1', 'c2'],
      brokerPort: 1,
      brokerDevelopment: true,
      brokerStateDir: 's',
      brokerDashboardUrl: 'http://d/',
      tcpPort: 2,
    },
  ])
})

t.test('check-config says what keeps the broker from starting, once one of its settings is given', async (t) => {
  t.notMatch((await run('check-config')).out, /the broker would not start/)
  const { code, out } = await run('check-config --collectors c1')
  t.match(out, /^warning: the broker would not start: broker\.password .* is not set/m)
  t.notMatch(out, /would not start: broker\.collectors/)
  t.equal(code, 0, 'the collector starts all the same')
})
