import t from 'tap'
import { nearest } from '../../../src/config/nearest.js'
import {
  formatBytes,
  formatMs,
  formatSeconds,
  parseBytes,
  parseMs,
  parseSeconds,
} from '../../../src/config/quantity.js'
import { inspectSettings, loadSettings } from '../../../src/config/settings.js'

function messageFor(...set: string[]): string {
  return inspectSettings({ set })
    .problems.map((p) => p.message)
    .join('\n')
}

t.test('sizes', async (t) => {
  const sizes: [string, number | undefined][] = [
    ['0', 0],
    ['4194304', 4194304],
    ['64MiB', 67108864],
    ['1 GiB', 1073741824],
    ['1.5kib', 1536],
    ['500kB', 500000],
    ['2TB', 2e12],
    ['4M', undefined],
    ['-1', undefined],
    ['', undefined],
    ['1e6', undefined],
    ['MiB', undefined],
    ['99999999999999999999', undefined],
    ['0.3KiB', undefined],
  ]
  for (const [text, bytes] of sizes) t.equal(parseBytes(text), bytes, text)
  for (const n of [0, 1, 1000, 1024, 1536, 4194304, 1073741824, 1099511627776]) t.equal(parseBytes(formatBytes(n)), n)
})

t.test('durations', async (t) => {
  const times: [string, number | undefined][] = [
    ['50', 50],
    ['500ms', 500],
    ['1s', 1000],
    ['1.5s', 1500],
    ['5m', 300000],
    ['5min', 300000],
    ['12h', 43200000],
    ['7d', 604800000],
    ['7 w', undefined],
    ['soon', undefined],
  ]
  for (const [text, ms] of times) t.equal(parseMs(text), ms, text)
  t.equal(parseSeconds('60'), 60)
  t.equal(parseSeconds('7d'), 604800)
  t.equal(parseSeconds('500ms'), undefined)
  t.equal(parseSeconds('forever'), 2147483647)
  for (const n of [0, 1, 50, 1000, 90000, 300000, 604800000]) t.equal(parseMs(formatMs(n)), n)
  t.equal(formatSeconds(2147483647), 'forever')
  t.equal(formatSeconds(604800), '7d')
})

t.test('values that are not allowed are named with what is', async (t) => {
  const bad: [string, RegExp][] = [
    ['store=oracle', /^store: "oracle" from option --set store is not allowed; allowed: embedded, hbase, null$/],
    ['tcp.port=65536', /a port from 0 \(any free one\) to 65535/],
    ['span.port=-1', /a port from 0/],
    ['host=a b', /an IP address or host name of this machine/],
    ['l4.ip=10.0.0', /IP addresses with commas between/],
    ['workers=many', /auto \(one for each core\), or a whole number from 1 to 256/],
    ['web=maybe', /true or false/],
    ['log.level=loud', /fatal, error, warn, info, debug, trace, silent/],
    ['udp.receiveBufferBytes=4M', /a size from 64KiB to 1GiB, such as 64MiB or plain bytes/],
    ['tcp.frameTimeoutMs=1', /a duration from 100ms to 1h/],
    ['spanEvent.sequenceLimit=32768', /a whole number from 0 to 32767/],
    ['maxSizeBytes=1', /a size from 16MiB/],
    ['hbase.quorum=zk:0', /host:port with commas between/],
    ['hbase.quorum=,', /host:port with commas between/],
    ['hbase.znodeParent=hbase', /a path that begins with \//],
    ['hbase.splits=7', /schema, none/],
    ['dataDir=', /^dataDir: "" from option --set dataDir is not allowed/],
  ]
  for (const [pair, message] of bad) t.match(messageFor(pair), message, pair)
})

t.test('values that are right each for itself, but not together', async (t) => {
  t.match(
    messageFor('batch.maxBytes=64MiB', 'batch.maxQueueBytes=32MiB'),
    /^batch.maxBytes=64MiB \(option --set batch.maxBytes\) is more than batch.maxQueueBytes=32MiB .*; allowed: at most batch.maxQueueBytes$/,
  )
  t.match(
    messageFor('batch.maxMessageBytes=65MiB'),
    /batch.maxMessageBytes=65MiB .* is more than batch.maxQueueBytes=24MiB \(default\)/,
  )
  t.match(messageFor('storeRetry.initialMs=6s'), /storeRetry.initialMs=6s .* is more than storeRetry.maxMs=1s/)
  t.match(
    messageFor('stat.port=29996'),
    /stat.port=29996 .* and span.port=29996 \(default\) are the same UDP port; allowed: two different UDP ports/,
  )
  t.match(messageFor('http.port=29994'), /are the same TCP port/)
  t.equal(messageFor('stat.port=0', 'span.port=0', 'tcp.port=0', 'http.port=0'), '')
  t.equal(messageFor('tcp.port=29995'), '', 'TCP and UDP may share a number')
})

t.test('warnings of settings that hardly do what is meant', async (t) => {
  const warnings = (...set: string[]): string => loadSettings({ set }).warnings.join('\n')
  t.match(warnings('http.host=0.0.0.0'), /whoever reaches port 28080 can read traces and SQL; set http.password/)
  t.equal(warnings('http.host=localhost'), '')
  t.match(warnings('store=hbase', 'maxSizeBytes=1GiB'), /maxSizeBytes has no effect on HBase/)
  t.match(warnings('ttl=applicationtraceindex=9d'), /ApplicationTraceIndex=9d outlives Traces=7d/)
})

t.test('times to live by table', async (t) => {
  const ttl = (...set: string[]): Readonly<Record<string, number>> => loadSettings({ set }).settings.ttlSeconds
  const day = 86400
  t.match(ttl(), { Traces: 7 * day, ApplicationTraceIndex: 7 * day, AgentStat: 60 * day, ApiMetaData: 365 * day })
  t.match(ttl('store=hbase'), { Traces: 60 * day, ApplicationTraceIndex: 60 * day })
  t.equal(Object.keys(ttl()).length, 14)
  t.match(ttl('ttl=TRACES=30d, sql=40d'), {
    Traces: 30 * day,
    ApplicationTraceIndex: 30 * day,
    SqlMetaData_Ver2: 40 * day,
  })
  t.match(ttl('ttl=traces=100', 'ttl=agentstat=200'), { Traces: 100, AgentStat: 200 }, 'sources add up')
  t.match(
    messageFor('ttl=agent=1d'),
    /"agent" may be AgentInfo or AgentLifeCycle or AgentEvent or AgentStat: write more of the name/,
  )
  t.match(messageFor('ttl=spans=1d'), /there is no table "spans": the tables are AgentInfo,/)
  t.match(messageFor('ttl==1d'), /there is no table ""/)
  t.match(messageFor('ttl=traces'), /"traces" has no "=": write TABLE=DURATION/)
  t.match(messageFor('ttl=traces=0'), /"0" is no time for Traces: write such as 7d/)
  t.match(
    messageFor('ttl=traces=200d'),
    /^ttl \(option --set ttl\): SqlMetaData_Ver2=180d is shorter than Traces=200d: traces would outlive the names/,
  )
  t.match(messageFor('ttl=api=6d'), /ApiMetaData=6d is shorter than Traces=7d/)
})

t.test('the nearest name', async (t) => {
  t.equal(nearest('tcp.prot', ['tcp.port', 'stat.port']), 'tcp.port')
  t.equal(nearest('TCP.PORT', ['tcp.port']), 'tcp.port')
  t.equal(nearest('zzzzzz', ['tcp.port']), undefined)
  t.equal(nearest('x'.repeat(1e6), ['tcp.port']), undefined)
})
