import { type PlacedEdge, type Point, RING_RADIUS } from './layout.js'

export interface EdgeShape {
  path: string
  label: Point
}

const GAP = 4
const ARROW = 7
/** how far a straight edge bends to its left, so that two edges in opposite directions do not cover each other */
const BEND = 26

/** An edge from ring to ring. `placed` is left out when one of its nodes was dragged away from its place. */
export function edgeShape(from: Point, to: Point, placed: PlacedEdge | undefined): EdgeShape {
  const between = placed === undefined ? [bend(from, to)] : placed.points.slice(1, -1)
  const first = between[0] ?? to
  const last = between[between.length - 1] ?? from
  const points = [towards(from, first, RING_RADIUS + GAP), ...between, towards(to, last, RING_RADIUS + GAP + ARROW)]
  return { path: smooth(points), label: placed?.label ?? between[0] }
}

/** A loop above the ring. */
export function loopShape(at: Point): EdgeShape {
  const r = RING_RADIUS
  const path = `M${round(at.x - 14)},${round(at.y - r + 1)}c-16,-44 44,-44 28,-8`
  return { path, label: { x: at.x, y: at.y - r - 32 } }
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

function bend(a: Point, b: Point): Point {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1
  const m = middle(a, b)
  return { x: m.x + ((b.y - a.y) / length) * BEND, y: m.y - ((b.x - a.x) / length) * BEND }
}

/** The point at that distance from `centre` on the way to `target`. */
function towards(centre: Point, target: Point, distance: number): Point {
  const length = Math.hypot(target.x - centre.x, target.y - centre.y) || 1
  return {
    x: centre.x + ((target.x - centre.x) / length) * distance,
    y: centre.y + ((target.y - centre.y) / length) * distance,
  }
}

/** Through all points, without corners: the way in and out of a point is parallel to the line between its neighbours. */
function smooth(points: readonly Point[]): string {
  let path = `M${at(points[0])}`
  for (let i = 0; i < points.length - 1; i++) {
    const [before, start, end, after] = [
      points[i - 1] ?? points[i],
      points[i],
      points[i + 1],
      points[i + 2] ?? points[i + 1],
    ]
    const out = { x: start.x + (end.x - before.x) / 6, y: start.y + (end.y - before.y) / 6 }
    const into = { x: end.x - (after.x - start.x) / 6, y: end.y - (after.y - start.y) / 6 }
    path += `C${at(out)} ${at(into)} ${at(end)}`
  }
  return path
}

function round(n: number): number {
  return Math.round(n * 10) / 10
}

function at(p: Point): string {
  return `${round(p.x)},${round(p.y)}`
}
