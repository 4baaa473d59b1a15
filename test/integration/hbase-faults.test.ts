import t, { type Test } from 'tap'
import { suffer } from '../builders/fault-verdict.js'
import { FAULTS, type Fault } from '../builders/faults.js'
import { whyNoHbase } from '../builders/hbase-jars.js'
import { HbaseProcesses } from '../builders/hbase-processes.js'
import { readSession } from '../builders/load-session.js'
import { TraceStream } from '../builders/load-traces.js'

// The short form of test/soak/hbase-faults.ts.

/** A killed server is noticed when its session ends; one that is only slow must keep it. */
const SESSION_MS = 8_000
const MOVING_MS = 3_000

const oneAfterTheOther: Fault = {
  help: 'regions move and split, then a region server is killed',
  seconds: 0,
  run: async (run) => {
    await FAULTS.moves.run(run, MOVING_MS)
    await FAULTS.splits.run(run, 0)
    await FAULTS['kill-rs'].run(run, 0)
  },
}

// the first run fetches the jars
t.setTimeout(240_000)

const missing = await whyNoHbase()
if (missing !== null && process.env.CI) t.fail(missing)
else t.test('a collector on an HBase that misbehaves', { skip: missing ?? false, timeout: 240_000 }, suite)

async function suite(t: Test): Promise<void> {
  const cluster = await HbaseProcesses.start({ sessionMs: SESSION_MS, heapMiB: 512 })
  t.teardown(() => cluster.stop())
  const findings = await suffer(cluster, oneAfterTheOther, {
    stream: new TraceStream([readSession('1.5.2'), readSession('1.8.5')]),
    rate: 200,
    workers: 2,
    beforeMs: 1_000,
    faultMs: 0,
    afterMs: 1_000,
  })
  for (const { what, found, ok } of findings) t.ok(ok, `${what}: ${found}`)
}
