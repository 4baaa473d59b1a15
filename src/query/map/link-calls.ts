import { type Application, applicationKey } from '../application.js'
import type { ServiceType } from '../service-types.js'
import { addTimes, type Histogram, histogramAt, sumOf, type TimeHistograms } from './histogram.js'

/** Calls of one agent to one host. */
export interface CallSeries {
  /** agent id, or name of the calling application */
  source: string
  sourceType: ServiceType
  /** host, or agent id */
  target: string
  /** its schema is that of the histograms */
  targetType: ServiceType
  times: TimeHistograms
}

/** All calls of one link, by who called whom. */
export type LinkCalls = Map<string, CallSeries>

export interface LinkData {
  from: Application
  to: Application
  calls: LinkCalls
}

/** Links by their two ends. */
export type LinkMap = Map<string, LinkData>

export function linkKey(from: Application, to: Application): string {
  return `${applicationKey(from)}\n${applicationKey(to)}`
}

/** The series of one agent and host, made where there is none. */
export function seriesOf(
  calls: LinkCalls,
  source: string,
  sourceType: ServiceType,
  target: string,
  targetType: ServiceType,
): CallSeries {
  const key = `${source}\n${sourceType.code}\n${target}\n${targetType.code}`
  let found = calls.get(key)
  if (found === undefined) calls.set(key, (found = { source, sourceType, target, targetType, times: new Map() }))
  return found
}

/** The histogram of one agent, host and time. */
export function callsAt(
  calls: LinkCalls,
  source: string,
  sourceType: ServiceType,
  target: string,
  targetType: ServiceType,
  time: number,
): Histogram {
  return histogramAt(seriesOf(calls, source, sourceType, target, targetType).times, time)
}

export function addCalls(to: LinkCalls, from: LinkCalls): void {
  for (const { source, sourceType, target, targetType, times } of from.values()) {
    addTimes(seriesOf(to, source, sourceType, target, targetType).times, times)
  }
}

/** The link of two ends, made where there is none. */
export function linkOf(links: LinkMap, from: Application, to: Application): LinkData {
  const key = linkKey(from, to)
  let found = links.get(key)
  if (found === undefined) links.set(key, (found = { from, to, calls: new Map() }))
  return found
}

export function addLink(links: LinkMap, link: LinkData): void {
  addCalls(linkOf(links, link.from, link.to).calls, link.calls)
}

export function sumOfCalls(calls: LinkCalls): Histogram {
  return sumOf([...calls.values()].flatMap((series) => [...series.times.values()]))
}

/** Histograms over time by host (`target`) or agent (`source`). */
export function timesBy(calls: LinkCalls, end: 'source' | 'target'): Map<string, TimeHistograms> {
  const out = new Map<string, TimeHistograms>()
  for (const series of calls.values()) {
    let times = out.get(series[end])
    if (times === undefined) out.set(series[end], (times = new Map()))
    addTimes(times, series.times)
  }
  return out
}
