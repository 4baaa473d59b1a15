import { TABLES } from '../../src/row/tables.js'
import { splitKeys } from '../../src/store/hbase/schema.js'
import { FakeHbase } from '../../test/builders/fake-hbase.js'
import { masterServerNode } from '../../test/builders/hbase-cells.js'
import { multiAnswer } from './multi-answer.js'

// The program of the stub: ZooKeeper, hbase:meta and one region server with the 14 tables and their splits on real
// sockets, in a process of its own. It acknowledges every row and keeps none.

const hbase = await new FakeHbase().start()
for (const table of TABLES) hbase.addTable(table.name, ...splitKeys(table).map((key) => key.toString('latin1')))
// it answers for the master too, or a look at the collector's health would wait for one
hbase.zookeeper.nodes.set('/hbase/master', masterServerNode('127.0.0.1', hbase.servers[0].port))
hbase.onCall = ({ method, param }) => {
  // a test wants to see its calls; here they would only take memory
  hbase.calls.length = 0
  return method === 'Multi' ? { param: multiAnswer(param) } : undefined
}
process.on('disconnect', () => process.exit())
process.send!(hbase.quorum)
