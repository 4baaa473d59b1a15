import type { CaseResult } from '../cases/result.js'
import type { Round } from '../measure/round.js'
import { type Line, svgOf } from './chart.js'

function roundsOf(r: CaseResult): Round[] {
  return [...(r.ramp?.trials ?? []), ...(r.round === null ? [] : [r.round])]
}

/** Loss and CPU by rate, of every case that was given a load. */
export function rateChart(results: readonly CaseResult[]): string {
  const lines = results.flatMap((r): Line[] => {
    const rounds = roundsOf(r)
    if (rounds.length === 0) return []
    const name = `${r.case}, ${r.collector}`
    return [
      { name: `${name}: loss`, axis: 0, points: rounds.map((t) => [t.datagramRate, t.loss.share * 100]) },
      { name: `${name}: CPU`, axis: 1, points: rounds.map((t) => [t.datagramRate, t.cpuUsADatagram]) },
    ]
  })
  return svgOf({ title: 'Loss and CPU by rate', x: 'datagrams/s', left: 'lost, %', right: 'CPU us a datagram', lines })
}
