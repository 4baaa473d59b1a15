import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '../../test/builders/collector.js'
import { Generators } from '../agent/generators.js'
import { nodeLimits } from '../collector/limits.js'
import { MeasuredCollector } from '../collector/measured-collector.js'
import { type Flow, openFlowStore, type RunningStore } from '../collector/stores.js'
import { otherTarget, type Target } from '../collector/target.js'
import type { Ramp } from '../measure/ramp.js'
import type { Round, RoundSetup } from '../measure/round.js'
import { type Usage, usageWithChildren } from '../measure/usage.js'
import type { BenchOptions } from './options.js'

/** A collector and the agents connected to it. */
export interface Side {
  setup: RoundSetup
  /** null: the rate was given */
  ramp: Ramp<Round> | null
  rounds: Round[]
}

/** A store, our collector on it, and agents. */
export interface OpenFlow {
  store: RunningStore
  collector: MeasuredCollector
  /** ours, and with --other the other one */
  sides: Side[]
}

/** Starts what a case of the whole flow needs, and ends it whatever happens. */
export async function withFlow<T>(flow: Flow, options: BenchOptions, run: (open: OpenFlow) => Promise<T>): Promise<T> {
  const limits = nodeLimits()
  const store = await openFlowStore(flow, options.hbase)
  const profiles = options.profile === null ? temporaryDirectory() : join(options.profile, flow)
  mkdirSync(profiles, { recursive: true })
  const collector = await MeasuredCollector.start(
    options.workers,
    [...store.settings, ...options.settings],
    limits.launcher,
    profiles,
    options.dataDir ?? undefined,
  )
  const targets = [collector.target, ...(options.other === null ? [] : [otherTarget(options.other)])]
  const sides: Side[] = []
  try {
    for (const target of targets) sides.push(await openSide(target, store, limits.otherCpus, options))
    return await run({ store, collector, sides })
  } finally {
    for (const { setup } of sides) await setup.generators.end()
    await collector.stop()
    await store.stop()
    limits.release()
  }
}

async function openSide(
  target: Target,
  store: RunningStore,
  cpus: string | null,
  options: BenchOptions,
): Promise<Side> {
  const { agents, generators: processes, spans: events, say } = options
  const generators = await Generators.connect(target.ports, { processes, agents, events, cpus })
  const { requests, failed } = generators.registered
  say(
    `${target.name}: ${agents} agents connected, ${requests} requests acknowledged${failed > 0 ? `, ${failed} not` : ''}`,
  )
  const generatorUsage = (): Usage => sumOf(generators.pids)
  const storeUsage = store.pid === null ? undefined : () => usageWithChildren(store.pid!)
  return { setup: { target, generators, generatorUsage, storeUsage }, ramp: null, rounds: [] }
}

function sumOf(pids: readonly number[]): Usage {
  const all = pids.map(usageWithChildren)
  return {
    cpuSeconds: all.reduce((sum, u) => sum + u.cpuSeconds, 0),
    rssBytes: all.reduce((sum, u) => sum + u.rssBytes, 0),
    processes: all.length,
  }
}
