import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '../../test/builders/collector.js'
import { Generators } from '../agent/generators.js'
import { nodeLimits } from '../collector/limits.js'
import { MeasuredCollector } from '../collector/measured-collector.js'
import { type Flow, openFlowStore, type RunningStore } from '../collector/stores.js'
import { otherTarget, type Target } from '../collector/target.js'
import { combine } from '../measure/combine.js'
import { STAGES, type StageTimes, stageTimesOf } from '../measure/profile-stages.js'
import { highestLossless, type Ramp } from '../measure/ramp.js'
import { type Round, type RoundSetup, round } from '../measure/round.js'
import { countStored, type StoreCount } from '../measure/store-count.js'
import { usageWithChildren } from '../measure/usage.js'
import type { BenchOptions } from './options.js'
import type { CaseResult } from './result.js'

/** Rounds of each collector in a comparison, one after the other in turn. */
const TURNS = 3
const TRIAL_SECONDS = 4
const PROFILE_SECONDS = 4
const RAMP = { start: 1_000, max: 200_000, precision: 0.08, attempts: 2 }
const WARM_UP_RATE = 2_000
/** Part of the highest lossless rate that the long load has, when it lost at the whole. */
const STEP_DOWN = 0.9
const MIN_RATE_SHARE = 0.5
/** Beyond it the store is not read back and compared. */
const MAX_TRACES_READ = 400_000

interface Side {
  setup: RoundSetup
  ramp: Ramp<Round> | null
  rounds: Round[]
}

/** The whole flow on one store; with --other the same load in turn on both collectors. */
export async function flowCase(flow: Flow, options: BenchOptions): Promise<CaseResult[]> {
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
  const sides: Side[] = []
  try {
    sides.push(await openSide(collector.target, store, limits.otherCpus, options))
    if (options.other !== null) sides.push(await openSide(otherTarget(options.other), store, limits.otherCpus, options))
    await load(flow, sides, options)
    const [ours] = sides
    const stages = options.split ? await splitByStage(collector, ours, profiles, options) : null
    // its agents' last rows are written when it has ended
    for (const { setup } of sides) await setup.generators.end()
    await collector.stop()
    const counts = await storeCounts(store, collector.dataDir, sides)
    return sides.map((side, i) =>
      resultOf(flow, side, options, i === 0 ? stages : null, counts[i], i === 0 ? collector.readyMs : null),
    )
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
  const generatorUsage = (): ReturnType<typeof usageWithChildren> => sumOf(generators.pids)
  const storeUsage = store.pid === null ? undefined : () => usageWithChildren(store.pid!)
  return { setup: { target, generators, generatorUsage, storeUsage }, ramp: null, rounds: [] }
}

function sumOf(pids: readonly number[]): ReturnType<typeof usageWithChildren> {
  const all = pids.map(usageWithChildren)
  return {
    cpuSeconds: all.reduce((sum, u) => sum + u.cpuSeconds, 0),
    rssBytes: all.reduce((sum, u) => sum + u.rssBytes, 0),
    processes: all.length,
  }
}

async function load(flow: Flow, sides: readonly Side[], options: BenchOptions): Promise<void> {
  const { rate: asked, seconds, warmUp, say } = options
  const warmUpRate = asked === 'auto' ? WARM_UP_RATE : Math.min(asked, WARM_UP_RATE)
  for (const { setup } of sides) if (warmUp > 0) await round(setup, warmUpRate, warmUp)
  for (const side of sides) if (asked === 'auto') side.ramp = await ramp(side.setup, say)
  let rate = asked === 'auto' ? Math.min(...sides.map(({ ramp }) => ramp!.rate)) : asked
  const lowest = rate * MIN_RATE_SHARE
  for (;;) {
    const turns = sides.length > 1 ? TURNS : 1
    for (let turn = 0; turn < turns; turn++)
      for (const { setup, rounds } of sides) {
        rounds.push(await round(setup, rate, seconds / turns))
        say(`${flow}: ${setup.target.name} ${lineOf(rounds[rounds.length - 1])}`)
      }
    const [{ rounds, ramp: ours }] = sides
    if (asked !== 'auto' || rounds.every((r) => r.lossless) || rate * STEP_DOWN < lowest) return
    // what was lossless for seconds is not for a minute
    rate *= STEP_DOWN
    ours!.rate = rate
    for (const side of sides) side.rounds.length = 0
  }
}

async function ramp(setup: RoundSetup, say: BenchOptions['say']): Promise<Ramp<Round>> {
  return highestLossless(RAMP, async (rate) => {
    const trial = await round(setup, rate, TRIAL_SECONDS)
    say(`${setup.target.name} ${lineOf(trial)}`)
    return trial
  })
}

function lineOf(r: Round): string {
  const loss = r.loss.lost === 0 ? 'nothing lost' : `${r.loss.lost} lost ${JSON.stringify(r.loss.places)}`
  const late = r.keptUp ? '' : ', did not keep up'
  const limit = r.generatorLimited ? ', the generator was too slow' : ''
  return `${Math.round(r.rate)}/s: ${Math.round(r.datagramRate)} datagrams/s, ${r.cpuUsADatagram.toFixed(1)} us CPU, ${loss}${late}${limit}`
}

/** A further load with a profiler on; its times are put in proportion to what was measured without. */
async function splitByStage(
  collector: MeasuredCollector,
  side: Side,
  directory: string,
  options: BenchOptions,
): Promise<StageTimes> {
  const { rate } = side.rounds[0]
  collector.profile()
  const { datagrams } = await round(side.setup, rate, Math.min(PROFILE_SECONDS, options.seconds))
  await collector.endProfile()
  const times = stageTimesOf(directory)
  for (const stage of STAGES) times[stage] /= datagrams
  return times
}

async function storeCounts(
  store: RunningStore,
  dataDir: string,
  sides: readonly Side[],
): Promise<(StoreCount | null)[]> {
  const traces = sides.reduce((sum, { setup }) => sum + setup.generators.total.traces, 0)
  const reader = traces > MAX_TRACES_READ ? null : await store.read(dataDir)
  if (reader === null) return sides.map(() => null)
  const counts: StoreCount[] = []
  for (const { setup } of sides) counts.push(await countStored(reader, setup.generators))
  await reader.close()
  return counts
}

function resultOf(
  flow: Flow,
  side: Side,
  options: BenchOptions,
  stages: StageTimes | null,
  stored: StoreCount | null,
  readyMs: number | null,
): CaseResult {
  const all = combine(side.rounds)
  return {
    case: flow,
    readyMs,
    collector: side.setup.target.name,
    agents: options.agents,
    round: all,
    datagramRate: all.datagramRate,
    spanRate: all.spanRate,
    cpuUsADatagram: all.cpuUsADatagram,
    cpuUsASpan: all.cpuUsASpan,
    rssBytes: all.rssBytes,
    stored,
    stages,
    ramp: side.ramp,
  }
}
