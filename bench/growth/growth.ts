import type { CaseResult } from '../cases/result.js'
import { type Chart, svgOf } from '../report/chart.js'
import { table } from '../report/table.js'

const MIB = 1024 * 1024

/** One size that was tried, and what came of it. */
export interface GrowthPoint {
  size: number
  result: CaseResult
  /** further figures by name, for table and JSON */
  more: Record<string, number>
}

/** How cost changes with one size. */
export interface Growth {
  /** agents, events a span, days */
  of: string
  points: GrowthPoint[]
}

export function growthTable({ of, points }: Growth): string {
  const more = Object.keys(points[0]?.more ?? {})
  const fixed = (n: number | null | undefined, digits = 1): string => (n == null ? '-' : n.toFixed(digits))
  return table(
    [of, 'datagrams/s', 'spans/s', 'lost %', 'us CPU/datagram', 'us CPU/span', 'p99 ms', 'RSS MiB', ...more],
    points.map(({ size, result: r, more: figures }) => [
      String(size),
      fixed(r.datagramRate, 0),
      fixed(r.spanRate, 0),
      fixed((r.round?.loss.share ?? 0) * 100, 3),
      fixed(r.cpuUsADatagram),
      fixed(r.cpuUsASpan),
      fixed(r.round?.p99Ms, 0),
      fixed(r.rssBytes / MIB, 0),
      ...more.map((name) => fixed(figures[name], 2)),
    ]),
  )
}

/** CPU and RSS by size; agents on a logarithmic scale, the others so that a line is a law. */
export function growthChart({ of, points }: Growth, cpu: 'datagram' | 'span'): string {
  const chart: Chart = {
    title: `CPU and RSS by ${of}`,
    x: of,
    left: `CPU, µs a ${cpu}`,
    right: 'RSS, MiB',
    logX: of === 'agents',
    lines: [
      {
        name: `CPU a ${cpu}`,
        axis: 0,
        points: points.map(({ size, result }) => [size, cpu === 'span' ? result.cpuUsASpan : result.cpuUsADatagram]),
      },
      { name: 'RSS', axis: 1, points: points.map(({ size, result }) => [size, result.rssBytes / MIB]) },
    ],
  }
  return svgOf(chart)
}
