// Properties of Pinpoint's own collector (1.5.2 to 1.8) that have nothing to set here, and why.

const THREADS = 'there are no thread pools or queues to size here; see workers and batch.maxQueueBytes'
const CLUSTER = 'the real-time connection from web to agents through ZooKeeper is not served'
const ADMIN = 'there is no admin interface; http.password guards the pages'
const CLIENT =
  'the HBase client here keeps its own connections and retries while there is room in the queue; see hbase.rpcTimeoutMs and storeRetry.maxMs'

const UNUSED: [RegExp, string][] = [
  [/^collector\.(tcp|udpStat|udpSpan)Worker(Thread|QueueSize)$/, THREADS],
  [/^collector\.(tcp|udpStat|udpSpan)Worker\.monitor$/, THREADS],
  [/^collector\.agentEventWorker\./, THREADS],
  [/^collector\.receiver\.(base|stat|span)\.worker\./, THREADS],
  [
    /^collector\.receiver\.(stat|span)\.(udp|tcp)(\.|$)/,
    'spans and statistics come by UDP alone, on span.port and stat.port',
  ],
  [/^collector\.receiver\./, 'see the tcp. settings'],
  [/^collector\.admin\./, ADMIN],
  [/^collector\.metric\./, 'metrics are always served at /metrics'],
  [/^(cluster|flink)\./, CLUSTER],
  [/^pinpoint\.zookeeper\./, CLUSTER],
  [/^web\.|^config\.|^admin\.password$/, 'it belongs to pinpoint-web'],
  [/^hbase\.namespace$/, 'the tables are in the namespace "default"'],
  [/^hbase\.(ipc|client)\./, CLIENT],
]

const UNUSED_ENVIRONMENT: Record<string, string> = {
  CLUSTER_ENABLE: CLUSTER,
  CLUSTER_ZOOKEEPER_ADDRESS: CLUSTER,
  DISABLE_DEBUG: 'debug lines are off unless log.level is debug',
}

/** Why a property of Pinpoint's own collector has no effect; undefined when it is not one. */
export function whyUnused(property: string): string | undefined {
  return UNUSED.find(([pattern]) => pattern.test(property))?.[1]
}

/** The same for the environment of upstream's Docker image. */
export function whyUnusedEnvironment(name: string): string | undefined {
  return UNUSED_ENVIRONMENT[name]
}
