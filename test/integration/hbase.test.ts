import t, { type Test } from 'tap'
import { whyNoHbase } from '../builders/hbase-jars.js'
import { HbaseProcesses } from '../builders/hbase-processes.js'
import { losesNothing } from './hbase-faults.js'
import { writesAndReads } from './hbase-store.js'

// One cluster for all: its start takes as long as the tests.

/** A killed server is noticed when its session ends; one that is only slow must keep it. */
const SESSION_MS = 8_000
/** The first run fetches the jars. */
const LIMIT_MS = 300_000

t.setTimeout(LIMIT_MS)

const missing = await whyNoHbase()
if (missing !== null && process.env.CI) t.fail(missing)
else t.test('on a real HBase', { skip: missing ?? false, timeout: LIMIT_MS }, suite)

async function suite(t: Test): Promise<void> {
  const cluster = await HbaseProcesses.start({ sessionMs: SESSION_MS, heapMiB: 512 })
  t.teardown(() => cluster.stop())
  await t.test('the store writes and reads', { timeout: LIMIT_MS }, (t) => writesAndReads(t, cluster.quorum))
  await t.test('a collector loses nothing', { timeout: LIMIT_MS }, (t) => losesNothing(t, cluster))
}
