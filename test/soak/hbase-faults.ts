// Is anything lost or counted twice while HBase, or the collector itself, misbehaves? Starts a cluster of its own
// (ZooKeeper, master, two region servers, each a process) and does one fault after the other to it, under load.
import { suffer } from '../builders/fault-verdict.js'
import { FAULTS } from '../builders/faults.js'
import type { HbaseVersion } from '../builders/hbase-jars.js'
import { HbaseProcesses } from '../builders/hbase-processes.js'
import { readSession } from '../builders/load-session.js'
import { TraceStream } from '../builders/load-traces.js'
import { type Condition, conclude, sizes } from './report.js'

const names = Object.entries(FAULTS).map(([name, { help, seconds }]) => `      ${name}: ${help} (${seconds} s)`)
const { rate, before, fault, after, workers, repeat, session, heap, of, hbase } = sizes(
  'hbase-faults: HBase misbehaves under load',
  {
    rate: [3_000, 'spans a second; chunks come on top, as recorded'],
    before: [10, 'seconds of load before the fault'],
    fault: [0, 'seconds of the fault; 0: its own'],
    after: [10, 'seconds of load after the recovery'],
    workers: [2, 'worker processes'],
    repeat: [1, 'how often each fault'],
    session: [20_000, 'ms of a ZooKeeper session'],
    heap: [1_200, 'MiB of a region server'],
  },
  {
    of: [Object.keys(FAULTS).join(','), `which faults:\n${names.join('\n')}\n     `],
    hbase: ['2.6', '2.6 or 1.2'],
  },
)
const wanted = of.split(',')
const unknown = wanted.filter((name) => FAULTS[name] === undefined)
if (unknown.length > 0)
  throw new Error(`--of: no fault ${unknown.join(', ')}; there are ${Object.keys(FAULTS).join(', ')}`)
if (hbase !== '2.6' && hbase !== '1.2') throw new Error('--hbase must be 2.6 or 1.2')

// so that what was started ends with this process
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(1))

const version: HbaseVersion = hbase
const stream = new TraceStream([readSession('1.5.2'), readSession('1.8.5')])
const conditions: Condition[] = []
const cluster = await HbaseProcesses.start({ version, sessionMs: session, heapMiB: heap })
try {
  for (const name of wanted) {
    for (let n = 1; n <= repeat; n++) {
      const findings = await suffer(cluster, FAULTS[name], {
        rate,
        stream,
        workers,
        beforeMs: before * 1000,
        afterMs: after * 1000,
        faultMs: 1000 * (fault === 0 ? FAULTS[name].seconds : fault),
      })
      for (const { what, found, ok } of findings) {
        console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name} ${n}: ${what}  ${found}`)
        conditions.push({ what: `${name} ${n}: ${what}`, found, ok })
      }
    }
  }
} finally {
  await cluster.stop()
}
console.log(`HBase ${version}`)
conclude(conditions)
