import { FaultRun, type Sample } from './fault-run.js'
import { type Fault, makeWhole } from './faults.js'
import type { HbaseProcesses } from './hbase-processes.js'
import type { TraceStream } from './load-traces.js'
import { pause } from './load-udp.js'

/** From the moment on which the cluster answers. */
const RECOVERY_MS = 5_000
const MAX_RSS_BYTES = 300 * 1024 * 1024
/** Part of what is sent that must be stored for writes to count as flowing, over this time. */
const FLOWING = 0.9
const FLOWING_MS = 1_000
/** What was begun has an effect. */
const NOTICED_MS = 1_000
const WATCH_MS = 500
const DRAIN_LIMIT_MS = 600_000

export interface FaultOptions {
  /** spans a second; chunks come on top, as recorded */
  rate: number
  stream: TraceStream
  workers: number
  /** ms of load before the fault, and after the recovery */
  beforeMs: number
  afterMs: number
  faultMs: number
}

/** One thing that must hold, with what was found. */
export interface Finding {
  what: string
  found: string
  ok: boolean
}

/** Does one fault to a cluster under load, and looks whether anything was lost or counted twice. */
export async function suffer(cluster: HbaseProcesses, fault: Fault, options: FaultOptions): Promise<Finding[]> {
  const run = new FaultRun(cluster, options.stream, options.rate, options.workers)
  const fallenBefore = cluster.fallen
  let watching = true
  const watch = async (): Promise<void> => {
    while (watching) {
      await cluster.raiseFallen()
      await pause(WATCH_MS)
    }
  }
  const watched = watch()
  try {
    await run.start()
    await makeWhole(run)
    await pause(options.beforeMs)
    const began = performance.now()
    // a cluster may recover while the fault goes on, and before it ends nobody would see it
    const answersEarly = pause(NOTICED_MS).then(() => run.clusterAnswers())
    await fault.run(run, options.faultMs)
    const ended = performance.now()
    const [early, answeredAt] = await Promise.all([answersEarly, run.clusterAnswers()])
    const caughtUp = await run.caughtUp(DRAIN_LIMIT_MS)
    const caughtUpAt = performance.now()
    await pause(options.afterMs)
    const { drained, metrics } = await run.finish(DRAIN_LIMIT_MS)
    const found = await run.found()
    const { spansSent: sent, excused } = run
    const flowing = [early, answeredAt].map((at) => flowingAt(run.samples, at) - at)
    const rss = Math.max(...run.samples.map((s) => s.rssBytes))
    const spilled = Math.max(...run.samples.map((s) => s.spillBytes))
    const drops = JSON.stringify(metrics.drops())
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
    const exact = (n: number, missing: number): boolean => n <= sent && n >= sent - missing
    return [
      {
        what: 'sent',
        found: `${sent} spans, ${Math.round((sent * 1000) / run.sendingMs)} a second, and their chunks`,
        ok: sent > 0.9 * options.rate * (run.sendingMs / 1000),
      },
      {
        what: 'in Traces',
        found: `${found.spans} of ${sent} spans; ${excused.spans} may be missing`,
        ok: exact(found.spans, excused.spans),
      },
      {
        what: 'sum of Self',
        found: `${found.counts} of ${sent}; ${excused.counts} may be missing`,
        ok: exact(found.counts, excused.counts),
      },
      { what: 'dropped', found: `${drops}, ${metrics.kernelDrops()} by the kernel`, ok: drops === '{}' },
      { what: 'account', found: `${metrics.imbalance()} unaccounted`, ok: metrics.imbalance() === 0 && drained },
      {
        what: 'fault',
        found: `${seconds(ended - began)}; the cluster answers ${seconds(early - began)} after its begin, ${seconds(answeredAt - ended)} after its end`,
        ok: true,
      },
      { what: 'servers that fell', found: String(cluster.fallen - fallenBefore), ok: true },
      {
        what: 'writes flow',
        found: `${flowing.map(seconds).join(', ')} after the cluster answers`,
        ok: flowing.every((ms) => ms <= RECOVERY_MS),
      },
      {
        what: 'backlog gone',
        found: `${seconds(caughtUpAt - answeredAt)} after the cluster answers; ${pace(run.samples, answeredAt, caughtUpAt)}`,
        ok: caughtUp,
      },
      { what: 'on disk at most', found: `${(spilled / 2 ** 20).toFixed(0)} MiB`, ok: true },
      { what: 'RSS, largest process', found: `${(rss / 2 ** 20).toFixed(0)} MiB`, ok: rss <= MAX_RSS_BYTES },
      {
        what: 'exits',
        found: JSON.stringify(run.exits),
        ok: run.exits.every(({ code }) => code === 0),
      },
    ]
  } finally {
    watching = false
    await watched
    await run.close()
  }
}

/** When, at that time or later, messages were stored about as fast as they came; Infinity: never. */
function flowingAt(samples: readonly Sample[], since: number): number {
  for (let i = 0; i < samples.length; i++) {
    const { at, sent, stored } = samples[i]
    const before = samples.findLast((s) => s.at <= at - FLOWING_MS)
    if (at < since || before === undefined || stored < before.stored) continue
    if (stored - before.stored >= FLOWING * (sent - before.sent)) return at
  }
  return Infinity
}

/** What was written from one moment to another; nothing when the collector was another at the end. */
function pace(samples: readonly Sample[], from: number, to: number): string {
  const within = samples.filter(({ at }) => at >= from && at <= to)
  const [first, last] = [within.at(0), within.at(-1)]
  if (first === undefined || last === undefined || first === last || last.stored < first.stored)
    return 'too short to tell the pace'
  const aSecond = (n: number): number => Math.round((n * 1000) / (last.at - first.at))
  const rows = aSecond(last.rowsWritten - first.rowsWritten)
  return `${last.stored - first.stored} messages, ${aSecond(last.stored - first.stored)} a second, ${rows} rows a second`
}
