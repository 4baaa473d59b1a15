import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { describeSettings } from '../../../src/config/describe.js'
import { SETTING_KEYS, settingOf } from '../../../src/config/schema.js'
import { environmentName } from '../../../src/config/setting.js'
import { defaultSettings, inspectSettings, loadSettings, originsOf } from '../../../src/config/settings.js'
import { SettingsError } from '../../../src/errors.js'
import { TABLES } from '../../../src/row/tables.js'

const directory = mkdtempSync(join(tmpdir(), 'settings-'))
t.teardown(() => rmSync(directory, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

t.test('the schema is consistent', async (t) => {
  const names = SETTING_KEYS.map((key) => settingOf(key).name)
  t.equal(new Set(names).size, names.length, 'names are unique')
  for (const key of SETTING_KEYS) {
    const { name, initial, format, parse, secret, initialText, help } = settingOf(key)
    if (key !== 'ttlSeconds')
      t.equal(
        name.replace(/\.(.)/g, (_, c: string) => c.toUpperCase()),
        key,
      )
    t.match(help, /\.$/, `${name} has a sentence of help`)
    if (!secret && initialText === undefined && format(initial) !== '') t.same(parse(format(initial)), initial, name)
  }
  t.equal(environmentName('udp.receiveBufferBytes'), 'PINPOINT_UDP_RECEIVE_BUFFER_BYTES')
})

t.test('without any source, all is default', async (t) => {
  const { settings, origins, warnings, notices } = loadSettings({})
  t.match(settings, {
    store: 'embedded',
    dataDir: './data',
    hbaseQuorum: ['localhost:2181'],
    hbaseZnodeParent: '/hbase',
    host: '0.0.0.0',
    tcpPort: 29994,
    statPort: 29995,
    spanPort: 29996,
    httpHost: '127.0.0.1',
    httpPort: 28080,
    workers: 'auto',
    web: true,
    logLevel: 'info',
    l4Ip: [],
    udpReceiveBufferBytes: 4194304,
    tcpMaxPayloadBytes: 16777216,
    tcpMaxConnections: 20000,
    tcpFrameTimeoutMs: 30000,
    tcpWriteLimitBytes: 1048576,
    tcpMaxPendingRequests: 256,
    tcpPingIntervalMs: 300000,
    batchFlushIntervalMs: 100,
    batchMaxBytes: 1048576,
    batchMaxQueueBytes: 25165824,
    batchMaxMessageBytes: 8388608,
    storeRetryInitialMs: 50,
    storeRetryMaxMs: 1000,
    statisticsFlushPeriodMs: 1000,
    statisticsMaxBytes: 16777216,
    spanEventSequenceLimit: 10000,
    requestAckTimeoutMs: 1000,
    shutdownTimeoutMs: 20000,
    hostMapCacheEntries: 10000,
    maxSizeBytes: null,
    httpPassword: null,
  })
  t.same({ origins, warnings, notices }, { origins: {}, warnings: [], notices: [] })
  t.same(defaultSettings(), settings)
  t.equal(defaultSettings({ tcpPort: 0 }).tcpPort, 0)
  t.same(JSON.parse(JSON.stringify(settings)), settings, 'may be sent to a worker process')
})

t.test('the later source wins: defaults, files, environment, options', async (t) => {
  const first = file('first.yaml', 'tcp:\n  port: 1001\nstat.port: 1002\nspan.port: 1003\nhttp.port: 1004\n')
  const second = file('second.properties', 'stat.port=2002\nspan.port=2003\nhttp.port=2004\n')
  const { settings, origins } = loadSettings({
    files: [first, second],
    environment: { PINPOINT_SPAN_PORT: '3003', PINPOINT_HTTP_PORT: '3004', PINPOINT_CONFIG: '/not/read' },
    options: [{ key: 'httpPort', flag: '--http-port', text: '4004' }],
  })
  t.match(settings, { tcpPort: 1001, statPort: 2002, spanPort: 3003, httpPort: 4004 })
  t.same(origins, {
    tcpPort: 'tcp.port in first.yaml',
    statPort: 'stat.port in second.properties',
    spanPort: 'environment PINPOINT_SPAN_PORT',
    httpPort: 'option --http-port',
  })
  t.equal(originsOf(settings), origins)
})

t.test('settings files may be named in the environment', async (t) => {
  const path = file('named.yml', 'l4.ip: [10.0.0.1, 10.0.0.2]\nweb: false\nworkers: 3\nmaxSizeBytes:\n')
  const { settings } = loadSettings({ environment: { PINPOINT_CONFIG: path, PINPOINT_WORKERS: '' } })
  t.match(settings, { l4Ip: ['10.0.0.1', '10.0.0.2'], web: false, workers: 3, maxSizeBytes: null })
})

t.test('--set gives any setting', async (t) => {
  const { settings } = loadSettings({ set: ['udp.receiveBufferBytes=64KiB', 'tcp.pingIntervalMs=10s'] })
  t.match(settings, { udpReceiveBufferBytes: 65536, tcpPingIntervalMs: 10000 })
  const { problems } = inspectSettings({ set: ['udp.recieveBufferBytes=1', 'host', 'http.password=x'] })
  t.match(
    problems.map((p) => p.message),
    [
      '--set udp.recieveBufferBytes: there is no such setting; did you mean udp.receiveBufferBytes?',
      '--set host has no value: write --set host=VALUE',
      /^--set http.password: everybody on this machine could read it with ps; write it to a file/,
    ],
  )
})

t.test('unknown names are warned about, with the nearest known one', async (t) => {
  const path = file('odd.yaml', 'udp: {recieveBufferBytes: 1MiB}\nsomething.else.entirely.and.long: 1\n')
  const { warnings } = loadSettings({ files: [path], environment: { PINPOINT_TPC_PORT: '1', PINPOINT_Q: 'x' } })
  t.same(warnings, [
    'unknown setting udp.recieveBufferBytes in odd.yaml is ignored: did you mean udp.receiveBufferBytes?',
    'unknown setting something.else.entirely.and.long in odd.yaml is ignored: take it out, or see docs/reference/settings.md',
    'unknown environment variable PINPOINT_TPC_PORT is ignored: did you mean PINPOINT_TCP_PORT?',
    'unknown environment variable PINPOINT_Q is ignored: see docs/reference/settings.md',
  ])
})

t.test('secrets come from files, and are never shown', async (t) => {
  const path = file('password', 's3cret\n')
  const fromEnvironment = loadSettings({ environment: { PINPOINT_HTTP_PASSWORD_FILE: path } })
  t.equal(fromEnvironment.settings.httpPassword, 's3cret')
  const yaml = file('secret.yaml', `http.passwordFile: ${path}\n`)
  t.equal(loadSettings({ files: [yaml] }).settings.httpPassword, 's3cret')
  t.notMatch(JSON.stringify(describeSettings(fromEnvironment.settings)), /s3cret/)
  t.match(
    describeSettings(fromEnvironment.settings).find((s) => s.name === 'http.password'),
    { value: '***', source: 'environment PINPOINT_HTTP_PASSWORD_FILE' },
  )
  t.equal(describeSettings(defaultSettings()).find((s) => s.name === 'http.password')?.value, 'not set')
  const absent = { environment: { PINPOINT_HTTP_PASSWORD_FILE: join(directory, 'absent') } }
  t.throws(() => loadSettings(absent), {
    key: 'http.password',
    message: /cannot read ".*absent".*name a readable file/,
  })
  const empty = { environment: { PINPOINT_HTTP_PASSWORD_FILE: file('empty', '\n') } }
  t.throws(() => loadSettings(empty), { message: /the file is empty/ })
})

t.test('all that is wrong is said at once', async (t) => {
  const load = (): unknown => loadSettings({ set: ['tcp.port=x', 'workers=0'] })
  t.throws(
    load,
    new SettingsError(
      'tcp.port: "x" from option --set tcp.port is not allowed; allowed: a port from 0 (any free one) to 65535\n' +
        'workers: "0" from option --set workers is not allowed; allowed: auto (one for each core), or a whole number from 1 to 256',
      'tcp.port',
    ),
  )
})

t.test('files that cannot be read are said', async (t) => {
  const message = (path: string): string => inspectSettings({ files: [path] }).problems[0]?.message ?? ''
  t.match(
    message(join(directory, 'none.yaml')),
    /^cannot read the settings file ".*none.yaml": ENOENT.*check --config$/,
  )
  t.match(message(file('x.conf', '')), /its name must end in .yaml, .yml, .json or .properties$/)
  t.match(message(file('x.yaml', 'a: [')), /^cannot understand the settings file/)
  t.match(message(file('y.yaml', 'just text')), /the file holds no "name: value" lines/)
  t.match(message(file('z.yaml', 'l4.ip: [{a: 1}]')), /l4.ip holds a list of something other than plain values/)
  t.same(inspectSettings({ files: [file('e.yaml', '')] }).problems, [])
})

t.test('describeSettings names all settings and each table', async (t) => {
  const { settings } = loadSettings({ set: ['ttl=traces=3d'] })
  const described = describeSettings(settings)
  t.equal(described.length, SETTING_KEYS.length - 1 + TABLES.length)
  t.match(
    described.find((s) => s.name === 'ttl.Traces'),
    { value: '3d', source: 'option --set ttl' },
  )
  t.match(
    described.find((s) => s.name === 'ttl.AgentInfo'),
    { value: '365d', source: 'default' },
  )
})
