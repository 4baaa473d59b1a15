import type { Flow } from '../collector/stores.js'
import { combine } from '../measure/combine.js'
import { type Round, round } from '../measure/round.js'
import { svgOf } from '../report/chart.js'
import { table } from '../report/table.js'
import { lineOf, lossless, warmUp } from './flow.js'
import { withFlow } from './open-flow.js'
import type { BenchOptions } from './options.js'

/** The overload's rate, as a multiple of the lossless one. */
const TIMES = 10
/** Of the highest lossless rate of short loads: what is held without luck. */
const SHARE_OF_LOSSLESS = 0.8
const MIB = 1024 * 1024

/** A lossless load, ten times of it, and the lossless one again at once. */
export interface Overload {
  case: string
  /** datagrams a second */
  rate: number
  before: Round
  over: Round
  after: Round
}

/** What is over must be dropped at the door and counted, memory stays bounded, and the same rate as before is lossless at once. */
export function overloadCase(flow: Flow, options: BenchOptions): Promise<Overload> {
  return withFlow(flow, options, async ({ sides: [{ setup }] }) => {
    const { seconds, say } = options
    await warmUp(setup, options)
    const highest = options.rate === 'auto' ? (await lossless(setup, say)).rate * SHARE_OF_LOSSLESS : options.rate
    const at = async (rate: number): Promise<Round> => {
      const done = await round(setup, rate, seconds)
      say(`${flow}: ${lineOf(done)}`)
      return done
    }
    const before = await at(highest)
    const over = await at(highest * TIMES)
    return { case: flow, rate: highest, before, over, after: await at(highest) }
  })
}

const PHASES = ['before', 'over', 'after'] as const

export function overloadTable(overload: Overload): string {
  const places = Object.keys(combine(PHASES.map((phase) => overload[phase])).loss.places)
  return table(
    [
      'load',
      'sent/s',
      'sent',
      ...places.map((place) => `lost: ${place}`),
      'stored',
      'unaccounted',
      'p99 ms',
      'RSS MiB',
    ],
    PHASES.map((phase) => {
      const { datagramRate, datagrams, loss, p99Ms, rssBytes } = overload[phase]
      return [
        phase === 'over' ? `${TIMES} times` : phase,
        datagramRate.toFixed(0),
        String(datagrams),
        ...places.map((place) => String(loss.places[place] ?? 0)),
        String(datagrams - loss.lost - (loss.unaccounted ?? 0)),
        String(loss.unaccounted),
        p99Ms?.toFixed(0) ?? '-',
        (rssBytes / MIB).toFixed(0),
      ]
    }),
  )
}

/** RSS over the three loads. */
export function overloadChart(overload: Overload): string {
  let from = 0
  const lines = PHASES.map((phase) => {
    const { rssSeries } = overload[phase]
    const points = rssSeries.map(({ seconds, bytes }): [number, number] => [from + seconds, bytes / MIB])
    from += (rssSeries[rssSeries.length - 1]?.seconds ?? 0) + 1
    const rate = Math.round(overload[phase].datagramRate).toLocaleString('en')
    return { name: `${phase === 'over' ? `${TIMES} times` : phase}: ${rate} datagrams/s`, axis: 0 as const, points }
  })
  return svgOf({
    title: `RSS at ${TIMES} times the lossless rate, store ${overload.case}`,
    x: 'seconds',
    left: 'MiB, all processes',
    lines,
  })
}
