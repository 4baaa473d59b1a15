import type { MeasuredCollector } from '../collector/measured-collector.js'
import type { Flow, RunningStore } from '../collector/stores.js'
import { combine } from '../measure/combine.js'
import { STAGES, type StageTimes, stageTimesOf } from '../measure/profile-stages.js'
import { highestLossless, type Ramp } from '../measure/ramp.js'
import { type Round, type RoundSetup, round } from '../measure/round.js'
import { countStored, type StoreCount } from '../measure/store-count.js'
import { type Side, withFlow } from './open-flow.js'
import type { BenchOptions } from './options.js'
import type { CaseResult } from './result.js'

/** Rounds of each collector in a comparison, one after the other in turn. */
const TURNS = 3
const TRIAL_SECONDS = 4
const PROFILE_SECONDS = 4
const RAMP = { start: 1_000, max: 500_000, precision: 0.08, attempts: 2 }
const WARM_UP_RATE = 4_000
/** Part of the highest lossless rate that the long load has, when it lost at the whole. */
const STEP_DOWN = 0.9
const MIN_RATE_SHARE = 0.5
/** Beyond it the store is not read back and compared. */
const MAX_TRACES_READ = 400_000

/** The whole flow on one store; with --other the same load in turn on both collectors. */
export function flowCase(flow: Flow, options: BenchOptions): Promise<CaseResult[]> {
  return withFlow(flow, options, async ({ store, collector, sides }) => {
    await load(flow, sides, options)
    const [ours] = sides
    const stages = options.split ? await splitByStage(collector, ours, options) : null
    // its agents' last rows are written when it has ended
    for (const { setup } of sides) await setup.generators.end()
    await collector.stop()
    const counts = await storeCounts(store, collector.dataDir, sides, options)
    return sides.map((side, i) =>
      resultOf(flow, side, options, i === 0 ? stages : null, counts[i], i === 0 ? collector.readyMs : null),
    )
  })
}

async function load(flow: Flow, sides: readonly Side[], options: BenchOptions): Promise<void> {
  const { rate: asked, seconds, say } = options
  for (const { setup } of sides) await warmUp(setup, options)
  for (const side of sides) if (asked === 'auto') side.ramp = await lossless(side.setup, say)
  let rate = asked === 'auto' ? Math.min(...sides.map(({ ramp }) => ramp!.rate)) : asked
  if (rate === 0) throw new Error('even the lowest rate lost datagrams: is something else using the machine?')
  const lowest = rate * MIN_RATE_SHARE
  for (;;) {
    const turns = sides.length > 1 ? TURNS : 1
    for (let turn = 0; turn < turns; turn++)
      for (const { setup, rounds } of sides) {
        rounds.push(await round(setup, rate, seconds / turns))
        say(`${flow}: ${setup.target.name} ${lineOf(rounds[rounds.length - 1])}`)
      }
    const lost = sides.filter(({ rounds }) => rounds.some((r) => !r.lossless))
    if (asked !== 'auto' || lost.length === 0 || rate * STEP_DOWN < lowest) return
    // what was lossless for seconds is not for the whole time: both go down, so that both have the same load
    rate *= STEP_DOWN
    for (const { ramp } of lost) ramp!.rate = rate
    for (const { ramp, rounds } of sides) ramp!.trials.push(...rounds.splice(0))
  }
}

/** Until code is compiled and caches are full. */
export async function warmUp(setup: RoundSetup, { rate, warmUp }: BenchOptions): Promise<void> {
  if (warmUp > 0) await round(setup, rate === 'auto' ? WARM_UP_RATE : Math.min(rate, WARM_UP_RATE), warmUp)
}

/** Looks for the highest lossless rate. */
export function lossless(setup: RoundSetup, say: BenchOptions['say']): Promise<Ramp<Round>> {
  return highestLossless(RAMP, async (rate) => {
    const trial = await round(setup, rate, TRIAL_SECONDS)
    say(`${setup.target.name} ${lineOf(trial)}`)
    return trial
  })
}

export function lineOf(r: Round): string {
  const loss = r.loss.lost === 0 ? 'nothing lost' : `${r.loss.lost} lost ${JSON.stringify(r.loss.places)}`
  const late = r.keptUp ? '' : ', did not keep up'
  const limit = r.generatorLimited ? ', the generator was too slow' : ''
  return `${Math.round(r.rate)}/s: ${Math.round(r.datagramRate)} datagrams/s, ${r.cpuUsADatagram.toFixed(1)} us CPU, ${loss}${late}${limit}`
}

/** A further load with a profiler on; its times are put in proportion to what was measured without. */
async function splitByStage(collector: MeasuredCollector, side: Side, options: BenchOptions): Promise<StageTimes> {
  const { rate } = side.rounds[0]
  collector.profile()
  const { datagrams } = await round(side.setup, rate, Math.min(PROFILE_SECONDS, options.seconds))
  const times = stageTimesOf(await collector.endProfile())
  for (const stage of STAGES) times[stage] /= datagrams
  return times
}

async function storeCounts(
  store: RunningStore,
  dataDir: string,
  sides: readonly Side[],
  { say }: Pick<BenchOptions, 'say'>,
): Promise<(StoreCount | null)[]> {
  const traces = sides.reduce((sum, { setup }) => sum + setup.generators.total.traces, 0)
  const reader = traces > MAX_TRACES_READ ? null : await store.read(dataDir)
  if (reader === null) return sides.map(() => null)
  say(`reading ${traces} traces back; minutes when the store holds many others`)
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
    rows: null,
    stored,
    stages,
    ramp: side.ramp,
  }
}
