import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { loadSettings } from '../../../src/config/settings.js'

// dist/test/unit/config → the package root
const FIXTURES = fileURLToPath(new URL('../../../../test/unit/config/fixtures/', import.meta.url))

const directory = mkdtempSync(join(tmpdir(), 'foreign-'))
t.teardown(() => rmSync(directory, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

t.test('the properties files of 1.5.2 are understood as they are', async (t) => {
  const { settings, notices, warnings } = loadSettings({
    files: [`${FIXTURES}pinpoint-collector.properties`, `${FIXTURES}hbase.properties`],
  })
  t.match(settings, {
    store: 'hbase',
    web: false,
    hbaseQuorum: ['zk-a:2182', 'zk-b:2182'],
    hbaseRpcTimeoutMs: 15000,
    tcpPort: 39994,
    statPort: 39995,
    spanPort: 39996,
    udpReceiveBufferBytes: 8388608,
    statisticsFlushPeriodMs: 2000,
    l4Ip: ['10.0.0.1', '10.0.0.2'],
    spanEventSequenceLimit: 5000,
  })
  t.match(warnings, [/^udp.receiveBufferBytes: collector.udpStat.* differ.*the larger one is used/])
  t.match(
    notices[0],
    /^collector.tcpWorkerThread in pinpoint-collector.properties has no effect: there are no thread pools/,
  )
  t.ok(notices.some((n) => n.startsWith('cluster.enable in') && n.includes('ZooKeeper')))
  t.ok(notices.some((n) => n.startsWith('hbase.client.operation.timeout in hbase.properties has no effect')))
  t.equal(notices.length, 21)
})

t.test('an own name wins over a name of 1.5.2 in the same file', async (t) => {
  const path = file('both.properties', 'collector.tcpListenPort=1\ntcp.port=2\n')
  t.equal(loadSettings({ files: [path] }).settings.tcpPort, 2)
})

t.test('addresses of 1.5.2 that differ cannot be served', async (t) => {
  const path = file('ips.properties', 'collector.tcpListenIp=10.0.0.1\ncollector.udpStatListenIp=10.0.0.2\n')
  t.throws(() => loadSettings({ files: [path] }), {
    message:
      'host: collector.tcpListenIp in ips.properties and collector.udpStatListenIp in ips.properties differ, but one value serves both; make them equal, or set host',
  })
})

t.test("the environment of upstream's Docker image is understood", async (t) => {
  const { settings, origins, notices } = loadSettings({
    environment: {
      HBASE_HOST: 'hbase',
      HBASE_PORT: '2181',
      COLLECTOR_TCP_PORT: '9994',
      COLLECTOR_UDP_STAT_LISTEN_PORT: '9995',
      COLLECTOR_UDP_SPAN_LISTEN_PORT: '9996',
      CLUSTER_ENABLE: 'true',
      DISABLE_DEBUG: 'true',
      PATH: '/bin',
    },
  })
  t.match(settings, { store: 'hbase', hbaseQuorum: ['hbase:2181'], tcpPort: 9994, statPort: 9995, spanPort: 9996 })
  t.equal(origins.store, 'because of environment HBASE_HOST')
  t.equal(notices.length, 2)
})

t.test('variables that Kubernetes sets for a service are no settings', async (t) => {
  const { settings, warnings, notices } = loadSettings({
    environment: {
      PINPOINT_TCP_PORT: 'tcp://10.0.0.9:29994',
      HBASE_PORT: 'tcp://10.0.0.8:2181',
      PINPOINT_SERVICE_HOST: '10.0.0.9',
      PINPOINT_TCP_PORT_29994_TCP_ADDR: '10.0.0.9',
      PINPOINT_PORT: 'tcp://10.0.0.9:29994',
    },
  })
  t.match(settings, { tcpPort: 29994, hbasePort: 2181 })
  t.same(warnings, [])
  t.equal(notices.length, 2)
})

t.test('a store that is named wins over the one that hbase.quorum implies', async (t) => {
  const { settings } = loadSettings({ environment: { HBASE_HOST: 'h' }, set: ['store=null'] })
  t.match(settings, { store: 'null', web: false })
})
