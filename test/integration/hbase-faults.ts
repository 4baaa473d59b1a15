import type { Test } from 'tap'
import { suffer } from '../builders/fault-verdict.js'
import { FAULTS, type Fault } from '../builders/faults.js'
import type { HbaseProcesses } from '../builders/hbase-processes.js'
import { readSession } from '../builders/load-session.js'
import { TraceStream } from '../builders/load-traces.js'

// The short form of test/soak/hbase-faults.ts.

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

/** A collector on an HBase that misbehaves; leaves it with one region server. */
export async function losesNothing(t: Test, cluster: HbaseProcesses): Promise<void> {
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
