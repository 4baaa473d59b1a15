import { type Application, applicationKey } from '../application.js'
import { isRpcClient, isUnknown, isUser, isWas } from '../service-types.js'
import { histogramWindow, type TimeRange } from '../time-range.js'
import { addHistogram, addTimes, type Histogram, newHistogram, sumOf, type TimeHistograms } from './histogram.js'
import { addCalls, type LinkCalls, type LinkMap, sumOfCalls, timesBy } from './link-calls.js'
import type { FoundLinks } from './link-search.js'
import { calledServer, type ServerInstance } from './server-list.js'
import { inWindow } from './time-series.js'

/** Responses of a node. */
export interface NodeHistogram {
  whole: Histogram
  /** by agent id or host */
  agents: Map<string, Histogram>
  /** by slot */
  times: TimeHistograms
  agentTimes: Map<string, TimeHistograms>
  /** application whose histogram schema `times` has */
  of: Application
}

export interface MapNode {
  application: Application
  /** null: nothing is known of this kind of node */
  histogram: NodeHistogram | null
  servers: ServerInstance[]
}

export interface MapLink {
  from: MapNode
  to: MapNode
  /** who told of it first; its counts are shown */
  createdBy: 'source' | 'target'
  source: LinkCalls
  target: LinkCalls
}

export interface ApplicationMap {
  range: TimeRange
  nodes: MapNode[]
  links: MapLink[]
}

/** What a map needs besides its links. */
export interface MapSource {
  /** responses over time by agent */
  responses(application: Application): Promise<Map<string, TimeHistograms>>
  /** @param responding ids of the agents with responses */
  servers(application: Application, responding: ReadonlySet<string>): Promise<ServerInstance[]>
}

/** Puts nodes and links together and gives each what is known of it. */
export async function buildMap(range: TimeRange, found: FoundLinks, from: MapSource): Promise<ApplicationMap> {
  const nodes = new Map<string, MapNode>()
  for (const links of [found.source, found.target]) addNodes(nodes, links)
  const links = linksBetween(nodes, found)
  await Promise.all(
    [...nodes.values()].map(async (node) => {
      if (isWas(node.application.type)) await describeApplication(node, range, from)
      else describeOther(node, range, links, found.source)
    }),
  )
  return { range, nodes: [...nodes.values()], links }
}

function addNodes(nodes: Map<string, MapNode>, links: LinkMap): void {
  for (const { from, to } of links.values()) {
    for (const application of [from, to]) {
      const key = applicationKey(application)
      if (isRpcClient(application.type) || nodes.has(key)) continue
      nodes.set(key, { application, histogram: null, servers: [] })
    }
  }
}

function linksBetween(nodes: Map<string, MapNode>, found: FoundLinks): MapLink[] {
  const links = new Map<string, MapLink>()
  for (const createdBy of ['source', 'target'] as const) {
    for (const [key, link] of found[createdBy]) {
      const from = nodes.get(applicationKey(link.from))
      const to = nodes.get(applicationKey(link.to))
      if (from === undefined || to === undefined || links.has(key)) continue
      const [source, target] = [found.source, found.target].map((map) => map.get(key)?.calls ?? new Map())
      links.set(key, { from, to, createdBy, source, target })
    }
  }
  return [...links.values()]
}

/** The calls that a link's own histogram is made of. */
export function shownCalls(link: MapLink): LinkCalls {
  return link.createdBy === 'source' ? link.source : link.target
}

export function emptyNodeHistogram(of: Application): NodeHistogram {
  return { whole: newHistogram(), agents: new Map(), times: new Map(), agentTimes: new Map(), of }
}

async function describeApplication(node: MapNode, range: TimeRange, from: MapSource): Promise<void> {
  const { application } = node
  const agentTimes = await from.responses(application)
  node.histogram = histogramOfAgents(application, range, agentTimes)
  node.servers = await from.servers(application, new Set(agentTimes.keys()))
}

function histogramOfAgents(of: Application, range: TimeRange, byAgent: Map<string, TimeHistograms>): NodeHistogram {
  const window = histogramWindow(range)
  const agents = new Map([...byAgent].map(([agent, times]) => [agent, sumOf(times.values())]))
  return {
    whole: sumOf(agents.values()),
    agents,
    times: inWindow(window, byAgent.values()),
    agentTimes: new Map([...byAgent].map(([agent, times]) => [agent, inWindow(window, [times])])),
    of,
  }
}

function describeOther(node: MapNode, range: TimeRange, links: MapLink[], source: LinkMap): void {
  const { application } = node
  if (application.type.terminal || isUnknown(application.type)) {
    const leading = links.filter((link) => link.to === node)
    node.histogram = histogramOfCalls(application, range, leading)
    if (!isUnknown(application.type)) node.servers = calledServers(application, source)
  } else if (isUser(application.type)) {
    node.histogram = histogramOfUsers(
      application,
      range,
      links.find((link) => link.from === node),
    )
  }
}

/** What a node without an agent answered, as its callers saw it. */
function histogramOfCalls(of: Application, range: TimeRange, links: MapLink[]): NodeHistogram {
  const window = histogramWindow(range)
  const calls: LinkCalls = new Map()
  const whole = newHistogram()
  for (const link of links) {
    addCalls(calls, link.source)
    addHistogram(whole, sumOfCalls(shownCalls(link)))
  }
  const byHost = timesBy(calls, 'target')
  const agents = of.type.terminal ? [...byHost].map(([host, times]) => [host, sumOf(times.values())] as const) : []
  return {
    whole,
    agents: new Map(agents),
    times: inWindow(window, byHost.values()),
    agentTimes: new Map([...byHost].map(([host, times]) => [host, inWindow(window, [times])])),
    of,
  }
}

/** Users have what their application counted. */
function histogramOfUsers(user: Application, range: TimeRange, link: MapLink | undefined): NodeHistogram {
  if (link === undefined) return emptyNodeHistogram(user)
  const all: TimeHistograms = new Map()
  for (const times of timesBy(link.target, 'target').values()) addTimes(all, times)
  return {
    ...emptyNodeHistogram(user),
    whole: sumOfCalls(shownCalls(link)),
    times: inWindow(histogramWindow(range), [all]),
    of: link.to.application,
  }
}

function calledServers(application: Application, source: LinkMap): ServerInstance[] {
  const key = applicationKey(application)
  const calls: LinkCalls = new Map()
  for (const link of source.values()) if (applicationKey(link.to) === key) addCalls(calls, link.calls)
  const series = [...calls.values()]
  return [
    ...new Map(
      series.map((s) => [`${s.target}\n${s.targetType.code}`, calledServer(s.target, s.targetType.code)]),
    ).values(),
  ]
}
