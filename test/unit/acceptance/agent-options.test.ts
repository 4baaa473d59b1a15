import t from 'tap'
import {
  agentIdOf,
  agentSettings,
  agentVariables,
  javaOptions,
  rewriteAgentConfig,
} from '../../acceptance/agent-options.js'

const CREDENTIALS = {
  application_name: 'spring-music',
  collector_host: '10.244.2.30',
  collector_span_port: 29996,
  collector_stat_port: 29995,
  collector_tcp_port: 29994,
}

// a reference inside the file, which is to stay
const SPAN_ADDRESS = `profiler.collector.span.ip=\${profiler.collector.ip}`

const SHIPPED = [
  '# profiler.collector.ip=1.2.3.4',
  'profiler.collector.ip=127.0.0.1',
  SPAN_ADDRESS,
  'profiler.collector.span.port=9996',
  'profiler.collector.stat.port = 9995',
  'profiler.collector.tcp.port=9994',
  'profiler.sampling.rate=1',
].join('\n')

t.test('four lines change, and nothing else', async (t) => {
  t.equal(
    rewriteAgentConfig(SHIPPED, agentSettings(CREDENTIALS)),
    [
      '# profiler.collector.ip=1.2.3.4',
      'profiler.collector.ip=10.244.2.30',
      SPAN_ADDRESS,
      'profiler.collector.span.port=29996',
      'profiler.collector.stat.port=29995',
      'profiler.collector.tcp.port=29994',
      'profiler.sampling.rate=1',
    ].join('\n'),
  )
})

t.test('a file without such a line is no pinpoint.config', async (t) => {
  const cut = SHIPPED.replace('profiler.collector.tcp.port=9994', '')
  t.throws(() => rewriteAgentConfig(cut, agentSettings(CREDENTIALS)), /no line profiler.collector.tcp.port/)
})

t.test('an agent id is decimal, of at most ten digits', async (t) => {
  t.equal(agentIdOf('123456789'), '3421780262') // 0xcbf43926, the check value of CRC-32
})

t.test('the options of the JVM', async (t) => {
  t.equal(
    javaOptions('/agent/pinpoint-bootstrap-1.5.2.jar', '3421780262', 'spring-music'),
    '-javaagent:/agent/pinpoint-bootstrap-1.5.2.jar -Dpinpoint.agentId=3421780262 -Dpinpoint.applicationName=spring-music',
  )
})

t.test('variables say the same to a launcher', async (t) => {
  t.strictSame(agentVariables(CREDENTIALS, '7'), {
    PINPOINT_AGENT_ID: '7',
    PINPOINT_APPLICATION_NAME: 'spring-music',
    PINPOINT_COLLECTOR_HOST: '10.244.2.30',
    PINPOINT_COLLECTOR_TCP_PORT: '29994',
    PINPOINT_COLLECTOR_STAT_PORT: '29995',
    PINPOINT_COLLECTOR_SPAN_PORT: '29996',
  })
})
