import type { Sent } from '../agent/sender.js'
import type { Loss } from './loss.js'
import type { Round } from './round.js'

const most = (values: (number | null)[]): number | null =>
  values.every((v) => v === null) ? null : Math.max(...values.map((v) => v ?? 0))

function addRecords(all: readonly Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const one of all) for (const [name, n] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + n
  return sum
}

/** Several rounds at one rate as one: counts and CPU added up, of the rest the worst. */
export function combine(rounds: readonly Round[]): Round {
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, r) => total + of(r), 0)
  const datagrams = sum((r) => r.datagrams)
  const spans = sum((r) => r.spans)
  const cpuSeconds = sum((r) => r.cpuSeconds)
  const sent = addRecords(rounds.map((r) => ({ ...r.sent }))) as unknown as Sent
  const weighted = (of: (round: Round) => number | null): number | null =>
    rounds.some((r) => of(r) === null) ? null : sum((r) => of(r)! * r.datagrams) / datagrams
  const unaccounted = rounds.map((r) => r.loss.unaccounted)
  const lost = sum((r) => r.loss.lost)
  const loss: Loss = {
    sent: sum((r) => r.loss.sent),
    lost,
    share: lost / Math.max(1, datagrams),
    places: addRecords(rounds.map((r) => r.loss.places)),
    unaccounted: unaccounted.includes(null) ? null : unaccounted.reduce<number>((total, n) => total + n!, 0),
  }
  return {
    rate: rounds[0].rate,
    lossless: rounds.every((r) => r.lossless),
    generatorLimited: rounds.some((r) => r.generatorLimited),
    datagramRate: (datagrams * 1000) / sent.tookMs,
    spanRate: (spans * 1000) / sent.tookMs,
    datagrams,
    spans,
    sent,
    loss,
    keptUp: rounds.every((r) => r.keptUp),
    cpuSeconds,
    cpuUsADatagram: (cpuSeconds * 1e6) / datagrams,
    cpuUsASpan: (cpuSeconds * 1e6) / spans,
    rssBytes: Math.max(...rounds.map((r) => r.rssBytes)),
    rssSeries: rounds.flatMap((r) => r.rssSeries),
    processes: Math.max(...rounds.map((r) => r.processes)),
    gcMsASecond: weighted((r) => r.gcMsASecond),
    p50Ms: most(rounds.map((r) => r.p50Ms)),
    p99Ms: most(rounds.map((r) => r.p99Ms)),
    generatorRssBytes: Math.max(...rounds.map((r) => r.generatorRssBytes)),
    storeCpuUsADatagram: weighted((r) => r.storeCpuUsADatagram),
    storeRssBytes: most(rounds.map((r) => r.storeRssBytes)),
  }
}
