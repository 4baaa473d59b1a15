import type { CaseResult } from '../cases/result.js'
import { STAGES } from '../measure/profile-stages.js'

const MIB = 1024 * 1024

/** Columns of equal width; the first is text, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map((w) => '-'.repeat(w))), ...rows.map(line)].join('\n')
}

function fixed(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined ? '-' : value.toFixed(digits)
}

function name(r: CaseResult): string {
  return r.round === null ? r.case : `${r.case}, ${r.collector}`
}

const HEAD = [
  'case',
  'datagrams/s',
  'spans/s',
  'lossless up to',
  'lost %',
  'us CPU/datagram',
  'us CPU/span',
  'p50 ms',
  'p99 ms',
  'GC ms/s',
  'RSS MiB',
  'store RSS',
  'generator RSS',
]

function row(r: CaseResult): string[] {
  const { round, ramp } = r
  const mebibytes = (bytes: number | null | undefined): string => fixed(bytes == null ? null : bytes / MIB, 0)
  return [
    name(r),
    r.datagramRate.toFixed(0),
    r.spanRate.toFixed(0),
    ramp === null ? '-' : `${ramp.rate.toFixed(0)}${ramp.limitedBy === 'collector' ? '' : ` (${ramp.limitedBy})`}`,
    round === null ? '-' : (round.loss.share * 100).toFixed(round.loss.lost === 0 ? 0 : 3),
    fixed(r.cpuUsADatagram),
    fixed(r.cpuUsASpan),
    fixed(round?.p50Ms, 0),
    fixed(round?.p99Ms, 0),
    fixed(round?.gcMsASecond),
    mebibytes(r.rssBytes),
    mebibytes(round?.storeRssBytes),
    mebibytes(round?.generatorRssBytes),
  ]
}

/** What was measured, a case a line. */
export function resultTable(results: readonly CaseResult[]): string {
  return table(HEAD, results.map(row))
}

/** CPU us a datagram by stage, for the cases that have it. */
export function stageTable(results: readonly CaseResult[]): string {
  const split = results.filter((r) => r.stages !== null)
  return table(
    ['us of the main threads', ...STAGES],
    split.map((r) => [r.case, ...STAGES.map((stage) => fixed(r.stages![stage]))]),
  )
}

/** Where datagrams were lost, a line a case that lost any. */
export function dropLines(results: readonly CaseResult[]): string[] {
  return results.flatMap((r) => {
    if (r.round === null) return []
    const { loss, keptUp } = r.round
    const lines = Object.entries(loss.places).map(([place, n]) => `${name(r)}: ${n} of ${loss.sent} lost at ${place}`)
    if ((loss.unaccounted ?? 0) !== 0) lines.push(`${name(r)}: ${loss.unaccounted} unaccounted for`)
    if (!keptUp && loss.lost === 0) lines.push(`${name(r)}: stored later than 3 s after the end: it did not keep up`)
    return lines
  })
}

/** What was found when the store was read back, a line a case that keeps something. */
export function storeLines(results: readonly CaseResult[]): string[] {
  return results.flatMap((r) => {
    if (r.stored === null) return []
    const { spansSent, spansStored, tracesSent, tracesStored, missing } = r.stored
    const names = missing.length === 0 ? '' : `; missing: ${missing.join(' ')} …`
    return [
      `${name(r)}: the store has ${spansStored} of ${spansSent} spans, ${tracesStored} of ${tracesSent} traces sent in all loads${names}`,
    ]
  })
}

/** What the store is given for a datagram, a line a case that counts it. */
export function rowLines(results: readonly CaseResult[]): string[] {
  return results.flatMap((r) => {
    if (r.rows === null) return []
    const { rows, cells, keyValueBytes } = r.rows
    return [
      `${name(r)}: a datagram is ${rows.toFixed(2)} rows, ${cells.toFixed(1)} cells, ${keyValueBytes.toFixed(0)} bytes of KeyValues`,
    ]
  })
}

/** This collector beside the other in each case that has both. */
export function ratioLines(results: readonly CaseResult[]): string[] {
  return results.flatMap((ours) => {
    const other = results.find((r) => r.case === ours.case && r !== ours && ours.collector === 'this collector')
    if (other === undefined) return []
    const times = (a: number, b: number): string => (b === 0 ? '-' : (a / b).toFixed(2))
    const lines = [
      `${ours.case}: CPU a datagram, other / ours: ${times(other.cpuUsADatagram, ours.cpuUsADatagram)}`,
      `${ours.case}: RSS, other / ours: ${times(other.rssBytes, ours.rssBytes)}`,
    ]
    if (ours.ramp !== null && other.ramp !== null)
      lines.push(`${ours.case}: lossless rate, ours / other: ${times(ours.ramp.rate, other.ramp.rate)}`)
    return lines
  })
}
