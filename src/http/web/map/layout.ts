import { Graph, layout } from '@dagrejs/dagre'
import type { GraphEdge, GraphNode, MapGraph } from './map-graph.js'

export interface Point {
  x: number
  y: number
}

export interface PlacedEdge {
  points: Point[]
  label: Point
}

/** Centres of the rings, routes of the edges between them, and the size of the whole. */
export interface MapLayout {
  nodes: Map<string, Point>
  edges: Map<string, PlacedEdge>
  width: number
  height: number
}

export const RING_RADIUS = 34
/** the ring, the name and the type below it */
const NODE_HEIGHT = 122
/** from the middle of the box up to the middle of the ring */
const RING_RISE = NODE_HEIGHT / 2 - RING_RADIUS - 4
const CHARACTER_WIDTH = 7.2
const MIN_NODE_WIDTH = 104
const MAX_NODE_WIDTH = 190
const LABEL_HEIGHT = 22
const MARGIN = 28

/** Left to right along the calls, with as few crossings as can be. */
export function layoutMap(graph: MapGraph): MapLayout {
  const g = new Graph({ multigraph: true })
  g.setGraph({ rankdir: 'LR', nodesep: 26, ranksep: 46, edgesep: 26, marginx: MARGIN, marginy: MARGIN })
  g.setDefaultEdgeLabel(() => ({}))
  for (const node of inCallOrder(graph)) g.setNode(node.key, { width: nodeWidth(node), height: NODE_HEIGHT })
  for (const edge of graph.edges.toSorted((a, b) => a.key.localeCompare(b.key))) {
    // an application that calls itself is drawn as a loop, which needs no place
    if (edge.from === edge.to) continue
    g.setEdge(edge.from, edge.to, { width: labelWidth(edge), height: LABEL_HEIGHT, labelpos: 'c' }, edge.key)
  }
  layout(g)
  const nodes = new Map(graph.nodes.map((n) => [n.key, raised(g.node(n.key) as Point)]))
  const edges = new Map<string, PlacedEdge>()
  for (const edge of graph.edges) {
    if (edge.from === edge.to) continue
    const placed = g.edge({ v: edge.from, w: edge.to, name: edge.key }) as { points: Point[]; x: number; y: number }
    edges.set(edge.key, { points: placed.points.map(raised), label: raised(placed) })
  }
  const { width = 0, height = 0 } = g.graph() as { width?: number; height?: number }
  return { nodes, edges, width, height }
}

/**
 * Calls in a circle are drawn from the node that comes first: one that nobody calls, or else the busiest. The order of
 * the answer does not count, so that the same map looks the same the next time.
 */
function inCallOrder(graph: MapGraph): GraphNode[] {
  const called = new Set(graph.edges.filter((e) => e.from !== e.to).map((e) => e.to))
  const rank = (n: GraphNode): number => (called.has(n.key) ? 1 : 0)
  return graph.nodes.toSorted((a, b) => rank(a) - rank(b) || b.total - a.total || a.key.localeCompare(b.key))
}

function raised({ x, y }: Point): Point {
  return { x, y: y - RING_RISE }
}

export function nodeWidth(node: Pick<GraphNode, 'name'>): number {
  return Math.min(MAX_NODE_WIDTH, Math.max(MIN_NODE_WIDTH, node.name.length * CHARACTER_WIDTH + 16))
}

export function labelWidth(edge: Pick<GraphEdge, 'total' | 'errors'>): number {
  const characters = String(edge.total).length + (edge.errors > 0 ? String(edge.errors).length + 2 : 0)
  return characters * CHARACTER_WIDTH + 18
}

/** Changes only when nodes or edges come or go, so that figures can change under a layout that stays. */
export function shapeOf(graph: MapGraph): string {
  return [...graph.nodes.map((n) => n.key), ...graph.edges.map((e) => e.key)].toSorted().join('\n')
}
