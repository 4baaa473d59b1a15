import type { Histogram, MapLink, MapNode, ServerMap } from '../api/server-map.js'
import { addHistograms } from '../histogram/add-histograms.js'

/** What is drawn: a node of the map, or several destinations of one kind drawn as one. */
export interface GraphNode {
  key: string
  name: string
  category: string
  isWas: boolean
  total: number
  errors: number
  histogram: Histogram
  instances: number
  /** one, or all of a group */
  members: readonly MapNode[]
}

export interface GraphEdge {
  key: string
  from: string
  to: string
  total: number
  errors: number
  links: readonly MapLink[]
}

export interface MapGraph {
  nodes: GraphNode[]
  edges: GraphEdge[]
}

/** So many destinations of one kind with the same callers are drawn as one: hundreds of hosts hide the map otherwise. */
const GROUP_FROM = 4

/** The graph of a map; groups whose key is in `opened` are drawn member by member. */
export function mapGraph(map: ServerMap, opened: ReadonlySet<string> = new Set()): MapGraph {
  const groupOf = groupsByMember(map, opened)
  const nodes = new Map<string, GraphNode>()
  for (const node of map.nodeDataArray) {
    const key = groupOf.get(node.key) ?? node.key
    const before = nodes.get(key)
    nodes.set(key, before === undefined ? graphNode(key, node) : withMember(before, node))
  }
  const edges = new Map<string, GraphEdge>()
  for (const link of map.linkDataArray) {
    const from = groupOf.get(link.from) ?? link.from
    const to = groupOf.get(link.to) ?? link.to
    if (!nodes.has(from) || !nodes.has(to)) continue
    const key = `${from}~${to}`
    const before = edges.get(key)
    edges.set(key, {
      key,
      from,
      to,
      total: (before?.total ?? 0) + link.totalCount,
      errors: (before?.errors ?? 0) + link.errorCount,
      links: [...(before?.links ?? []), link],
    })
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] }
}

function groupsByMember(map: ServerMap, opened: ReadonlySet<string>): Map<string, string> {
  const callers = new Map<string, string[]>()
  const calling = new Set<string>()
  for (const link of map.linkDataArray) {
    calling.add(link.from)
    callers.set(link.to, [...(callers.get(link.to) ?? []), link.from])
  }
  const groups = new Map<string, MapNode[]>()
  for (const node of map.nodeDataArray) {
    const from = callers.get(node.key)
    if (node.isWas || calling.has(node.key) || from === undefined) continue
    const key = `${node.category}@${from.toSorted().join('+')}`
    groups.set(key, [...(groups.get(key) ?? []), node])
  }
  const groupOf = new Map<string, string>()
  for (const [key, members] of groups) {
    if (members.length < GROUP_FROM || opened.has(key)) continue
    for (const member of members) groupOf.set(member.key, key)
  }
  return groupOf
}

function graphNode(key: string, node: MapNode): GraphNode {
  return {
    key,
    name: node.applicationName,
    category: node.category,
    isWas: node.isWas,
    total: node.totalCount,
    errors: node.errorCount,
    histogram: node.histogram ?? {},
    instances: node.instanceCount,
    members: [node],
  }
}

function withMember(group: GraphNode, node: MapNode): GraphNode {
  return {
    ...group,
    name: '',
    total: group.total + node.totalCount,
    errors: group.errors + node.errorCount,
    histogram: addHistograms(group.histogram, node.histogram ?? {}),
    instances: group.instances + node.instanceCount,
    members: [...group.members, node],
  }
}

/** Failing often enough to be marked on the map. */
export function isFailing(counts: { total: number; errors: number }): boolean {
  return counts.errors > 0 && counts.errors / counts.total >= 0.1
}
