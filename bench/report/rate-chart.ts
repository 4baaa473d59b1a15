import type { CaseResult } from '../cases/result.js'
import type { Round } from '../measure/round.js'
import { type Line, svgOf } from './chart.js'

/** Of each rate asked for, the load that lost least, and all others: a longer one, or one that was disturbed. */
function leastAndOthers({ ramp, round }: CaseResult): { least: Round[]; others: Round[] } {
  const all = [...(ramp?.trials ?? []), ...(round === null ? [] : [round])]
  const least = new Map<number, Round>()
  for (const one of all) {
    const known = least.get(one.rate)
    if (known === undefined || one.loss.share < known.loss.share) least.set(one.rate, one)
  }
  const kept = new Set(least.values())
  return { least: [...kept], others: all.filter((one) => !kept.has(one)) }
}

const loss = ({ datagramRate, loss: { share } }: Round): [number, number] => [datagramRate, share * 100]

/** Loss and CPU by rate, of every case that was given a load. */
export function rateChart(results: readonly CaseResult[]): string {
  const lines = results.flatMap((r): Line[] => {
    const { least, others } = leastAndOthers(r)
    if (least.length === 0) return []
    const name = `${r.case}, ${r.collector}`
    const cpu = least.map(({ datagramRate, cpuUsADatagram }): [number, number] => [datagramRate, cpuUsADatagram])
    return [
      { name: `${name}: loss`, axis: 0, points: least.map(loss) },
      ...(others.length === 0
        ? []
        : [{ name: `${name}: loss again or over longer`, axis: 0, apart: true, points: others.map(loss) } as const]),
      { name: `${name}: CPU`, axis: 1, points: cpu },
    ]
  })
  return svgOf({ title: 'Loss and CPU by rate', x: 'datagrams/s', left: 'lost, %', right: 'CPU, µs a datagram', lines })
}
