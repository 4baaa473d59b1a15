import { type Application, nodeName } from '../application.js'
import { type HistogramSchema, isUser, isWas } from '../service-types.js'
import { histogramWindow, type TimeWindow } from '../time-range.js'
import { type ApplicationMap, type MapLink, type MapNode, type NodeHistogram, shownCalls } from './application-map.js'
import {
  type Histogram,
  histogramJson,
  isAlert,
  type SeriesJson,
  seriesJson,
  sumOf,
  type TimeHistograms,
  totalCount,
} from './histogram.js'
import { sumOfCalls, timesBy } from './link-calls.js'
import { type ServerListJson, serverListJson } from './server-list.js'
import { inWindow } from './time-series.js'

/** The map as pages take it. */
export interface MapJson {
  nodeDataArray: NodeJson[]
  linkDataArray: LinkJson[]
}

type CountsJson = Record<string, number>
type SeriesByName = Record<string, SeriesJson[]>

export interface NodeJson {
  key: string
  applicationName: string
  category: string
  serviceType: string
  serviceTypeCode: string
  isWas: boolean
  histogram?: CountsJson
  totalCount?: number
  errorCount?: number
  slowCount?: number
  hasAlert: boolean
  agentHistogram?: Record<string, CountsJson>
  timeSeriesHistogram?: SeriesJson[]
  agentTimeSeriesHistogram?: SeriesByName
  serverList: ServerListJson
  instanceCount: number
}

export interface LinkJson {
  key: string
  from: string
  to: string
  fromAgent?: string[]
  toAgent?: string[]
  sourceInfo: NodeInfoJson
  targetInfo: NodeInfoJson
  filterApplicationName: string
  filterApplicationServiceTypeCode: number
  filterApplicationServiceTypeName: string
  filterTargetRpcList?: { rpc: string; rpcServiceTypeCode: number }[]
  totalCount: number
  errorCount: number
  slowCount: number
  histogram: CountsJson
  sourceHistogram: Record<string, CountsJson>
  targetHistogram: Record<string, CountsJson>
  timeSeriesHistogram: SeriesJson[]
  sourceTimeSeriesHistogram: SeriesByName
  hasAlert: boolean
}

interface NodeInfoJson {
  applicationName: string
  serviceType: string
  serviceTypeCode: number
  isWas: boolean
}

export function mapJson(map: ApplicationMap): MapJson {
  const window = histogramWindow(map.range)
  return { nodeDataArray: map.nodes.map(nodeJson), linkDataArray: map.links.map((link) => linkJson(link, window)) }
}

function nodeJson({ application, histogram, servers }: MapNode): NodeJson {
  const { name, type } = application
  const serverList = serverListJson(servers)
  return {
    key: nodeName(application),
    applicationName: isUser(type) ? 'USER' : name,
    category: type.desc,
    serviceType: type.desc,
    serviceTypeCode: String(type.code),
    isWas: isWas(type),
    ...(histogram === null ? { hasAlert: false } : nodeHistogramJson(application, histogram)),
    serverList,
    instanceCount: Object.values(serverList).reduce((sum, host) => sum + Object.keys(host.instanceList).length, 0),
  }
}

function nodeHistogramJson(
  { type }: Application,
  histogram: NodeHistogram,
): Pick<NodeJson, 'hasAlert'> & Partial<NodeJson> {
  const { whole, agents, times, agentTimes, of } = histogram
  return {
    ...countsJson(whole, type.schema),
    agentHistogram: byName(agents, (counts) => histogramJson(counts, type.schema)),
    timeSeriesHistogram: seriesJson(times, of.type.schema),
    agentTimeSeriesHistogram: byName(agentTimes, (series) => seriesJson(series, type.schema)),
  }
}

function countsJson(
  histogram: Histogram,
  schema: HistogramSchema,
): Pick<LinkJson, 'histogram' | 'totalCount' | 'errorCount' | 'slowCount' | 'hasAlert'> {
  return {
    histogram: histogramJson(histogram, schema),
    totalCount: totalCount(histogram),
    errorCount: histogram.error,
    slowCount: histogram.slow,
    hasAlert: isAlert(histogram),
  }
}

function linkJson(link: MapLink, window: TimeWindow): LinkJson {
  const { from, to, source } = link
  const { schema } = to.application.type
  const filtered = isUser(from.application.type) ? to.application : from.application
  const bySource = timesBy(source, 'source')
  const counts = (times: TimeHistograms): CountsJson => histogramJson(sumOf(times.values()), schema)
  return {
    key: `${nodeName(from.application)}~${nodeName(to.application)}`,
    from: nodeName(from.application),
    to: nodeName(to.application),
    ...(isWas(from.application.type) ? { fromAgent: namesOf(from) } : {}),
    ...(isWas(to.application.type) ? { toAgent: namesOf(to) } : {}),
    sourceInfo: nodeInfoJson(from.application),
    targetInfo: nodeInfoJson(to.application),
    filterApplicationName: filtered.name,
    filterApplicationServiceTypeCode: filtered.type.code,
    filterApplicationServiceTypeName: filtered.type.name,
    ...(isWas(from.application.type) && isWas(to.application.type) ? { filterTargetRpcList: calledHosts(link) } : {}),
    ...countsJson(sumOfCalls(shownCalls(link)), schema),
    sourceHistogram: byName(bySource, counts),
    targetHistogram: byName(timesBy(source, 'target'), counts),
    timeSeriesHistogram: seriesJson(inWindow(window, timesBy(shownCalls(link), 'target').values()), schema),
    sourceTimeSeriesHistogram: byName(bySource, (times) => seriesJson(inWindow(window, [times]), schema)),
  }
}

function namesOf({ servers }: MapNode): string[] {
  return Object.values(serverListJson(servers)).flatMap((host) => Object.keys(host.instanceList))
}

function nodeInfoJson({ name, type }: Application): NodeInfoJson {
  return { applicationName: name, serviceType: type.desc, serviceTypeCode: type.code, isWas: isWas(type) }
}

/** The hosts and ways by which the callee was called. */
function calledHosts({ source }: MapLink): { rpc: string; rpcServiceTypeCode: number }[] {
  const hosts = [...source.values()].map(({ target, targetType }) => ({
    rpc: target,
    rpcServiceTypeCode: targetType.code,
  }))
  return [...new Map(hosts.map((host) => [`${host.rpc}\n${host.rpcServiceTypeCode}`, host])).values()]
}

/** By name, in the order of names. */
function byName<T, J>(map: Map<string, T>, json: (value: T) => J): Record<string, J> {
  const sorted = [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([name, value]) => [name, json(value)]))
}
