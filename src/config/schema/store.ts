import { GIB, MIB, TIB } from '../quantity.js'
import { bytes, choice, count, duration, quorum, type Setting, words } from '../setting.js'
import { tableTtls } from '../ttl.js'

/** A size, or null for no limit. */
function optionalBytes(name: string, text: Parameters<typeof bytes>[2]): Setting<number | null> {
  const size = bytes(name, 0, text)
  return { ...size, initial: null, initialText: 'no limit', format: (v) => (v === null ? 'no limit' : size.format(v)) }
}

/** Settings of the stores. */
export const STORE_SETTINGS = {
  store: choice('store', ['embedded', 'hbase', 'null'], 'embedded', {
    section: 'Store',
    help: 'Where rows go: a database in the data directory, HBase, or nowhere (null acknowledges and forgets: for measuring). With hbase.quorum set, hbase is the default.',
    option: '--store <store>',
    scope: ['all'],
  }),
  dataDir: words('dataDir', './data', {
    section: 'Store',
    help: 'Directory of the embedded store; made if absent.',
    option: '--data-dir <dir>',
    scope: ['all'],
  }),
  ttlSeconds: tableTtls('ttl', {
    section: 'Store',
    help: 'How long rows are kept, by table; on HBase it is given to tables that are created. Metadata must be kept as long as traces; ApplicationTraceIndex follows Traces unless given.',
    initialText: 'Traces=7d and ApplicationTraceIndex=7d on the embedded store, else as in the schema of 1.5.2',
    option: '--ttl <table=time,...>',
    scope: ['start', 'tables'],
  }),
  maxSizeBytes: optionalBytes('maxSizeBytes', {
    section: 'Store',
    min: 16 * MIB,
    max: 1024 * TIB,
    help: 'Most bytes that the embedded store may take on disk; the oldest traces go first.',
    option: '--max-size <size>',
    scope: ['start'],
  }),
  storeRetryInitialMs: duration('storeRetry.initialMs', 50, {
    section: 'Store',
    min: 1,
    max: 60_000,
    help: 'Pause before a failed write is tried again; doubles each time.',
  }),
  storeRetryMaxMs: duration('storeRetry.maxMs', 1000, {
    section: 'Store',
    min: 1,
    max: 600_000,
    help: 'Longest pause between tries of a write.',
  }),
  hbaseQuorum: quorum('hbase.quorum', 'localhost', {
    section: 'HBase',
    help: 'ZooKeeper servers of the HBase cluster.',
    option: '--hbase <zk-host:port,...>',
    scope: ['all'],
    legacy: ['hbase.client.host'],
    docker: ['HBASE_HOST'],
  }),
  hbasePort: count('hbase.port', 2181, {
    section: 'HBase',
    min: 1,
    max: 65535,
    help: 'ZooKeeper port for servers of hbase.quorum that are written without one.',
    legacy: ['hbase.client.port'],
    docker: ['HBASE_PORT'],
  }),
  hbaseZnodeParent: words('hbase.znodeParent', '/hbase', {
    section: 'HBase',
    help: 'ZooKeeper node of the HBase cluster (zookeeper.znode.parent in hbase-site.xml).',
    legacy: ['hbase.zookeeper.znode.parent'],
    pattern: /^\/[^\s]+$/,
    allowed: 'a path that begins with /, such as /hbase',
  }),
  hbaseRpcTimeoutMs: duration('hbase.rpcTimeoutMs', 10_000, {
    section: 'HBase',
    min: 100,
    max: 600_000,
    help: 'Longest wait for the answer of a region server to one call; then the call is tried again.',
    legacy: ['hbase.rpc.timeout'],
  }),
  hbaseSplits: choice('hbase.splits', ['schema', 'none'], 'schema', {
    section: 'HBase',
    help: 'Regions of tables that are created: split as the schema of 1.5.2 does, or one region a table (for a single small HBase).',
    option: '--splits <splits>',
    scope: ['tables'],
  }),
  spillMaxBytes: bytes('spill.maxBytes', GIB, {
    section: 'Spill',
    min: 0,
    max: 1024 * TIB,
    help: 'Most bytes on disk of rows that wait for an HBase that is slow or away, of all workers together; beyond it the oldest are dropped and counted. 0: none, rows wait in memory only.',
  }),
  spillDir: {
    ...words('spill.dir', '', {
      section: 'Spill',
      help: 'Directory of these; made if absent. It is for one collector, on a local disk.',
      pattern: /^.{1,80}$/,
      allowed: 'a path of up to 80 bytes',
    }),
    initialText: 'spill in dataDir',
  },
  spillAfterMs: duration('spill.afterMs', 2000, {
    section: 'Spill',
    min: 10,
    max: 600_000,
    help: 'Time that HBase may take for a batch before rows go to disk; what was in memory for longer than that survives a kill -9 of the collector.',
  }),
}
