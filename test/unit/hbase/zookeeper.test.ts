import t from 'tap'
import { ClusterLocation } from '../../../src/store/hbase/cluster-location.js'
import { parseQuorum, readNode } from '../../../src/store/hbase/zookeeper.js'
import { FakeZookeeper } from '../../builders/fake-zookeeper.js'
import { metaServerNode } from '../../builders/hbase-cells.js'

t.test('a quorum lists hosts, with a port each or one for all', async (t) => {
  t.strictSame(parseQuorum('a:1, b:2'), [
    { host: 'a', port: 1 },
    { host: 'b', port: 2 },
  ])
  t.strictSame(parseQuorum('a,b:2182'), [
    { host: 'a', port: 2182 },
    { host: 'b', port: 2182 },
  ])
  t.strictSame(parseQuorum('[::1]'), [{ host: '::1', port: 2181 }])
  t.throws(() => parseQuorum('a:b:c'), { code: 'STORE_BAD_QUORUM' })
})

t.test('a node is read from whichever server answers', async (t) => {
  const zookeeper = new FakeZookeeper()
  const [{ host, port }] = parseQuorum(await zookeeper.start())
  t.teardown(() => zookeeper.stop())
  zookeeper.nodes.set('/x', Buffer.from('content'))
  const servers = [
    { host, port: 1 },
    { host, port },
  ]
  for (let i = 0; i < 4; i++) t.equal((await readNode(servers, '/x', 1000))?.toString(), 'content')
  t.equal(await readNode(servers, '/y', 1000), null)
  await t.rejects(readNode([{ host, port: 1 }], '/x', 1000), { code: 'STORE_ZOOKEEPER_AWAY', retriable: true })
})

t.test(
  'the server of hbase:meta is remembered until it is forgotten, and ZooKeeper may be away meanwhile',
  async (t) => {
    const zookeeper = new FakeZookeeper()
    const location = new ClusterLocation(await zookeeper.start(), '/hbase', 500)
    await t.rejects(location.metaServer(), { code: 'STORE_NOT_IN_ZOOKEEPER', retriable: true })
    zookeeper.nodes.set('/hbase/meta-region-server', metaServerNode('rs', 16020))
    t.strictSame(await location.metaServer(), { host: 'rs', port: 16020, startCode: 7 })
    const reads = zookeeper.reads.length
    await zookeeper.stop()
    await location.metaServer()
    t.equal(zookeeper.reads.length, reads)
    location.forgetMeta()
    await t.rejects(location.metaServer(), { code: 'STORE_ZOOKEEPER_AWAY', retriable: true })
  },
)

t.test('a node that HBase did not write is refused', async (t) => {
  const zookeeper = new FakeZookeeper()
  const location = new ClusterLocation(await zookeeper.start(), '/other', 500)
  t.teardown(() => zookeeper.stop())
  zookeeper.nodes.set('/other/meta-region-server', Buffer.from('something'))
  await t.rejects(location.metaServer(), { code: 'STORE_BAD_ZNODE' })
})
