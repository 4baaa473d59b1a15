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

/**
 * Through all points, without corners. Where the points go on to the right (or left), the curve is level at every turn
 * up or down, so that it does not swing beyond a point; elsewhere it goes through a point as its neighbours lie.
 */
function smooth(points: readonly Point[]): string {
  const slopes = points.map((_, i) => direction(points, i))
  let path = `M${at(points[0])}`
  for (let i = 0; i < points.length - 1; i++) {
    const [start, end] = [points[i], points[i + 1]]
    const third = Math.hypot(end.x - start.x, end.y - start.y) / 3
    const out = { x: start.x + slopes[i].x * third, y: start.y + slopes[i].y * third }
    const into = { x: end.x - slopes[i + 1].x * third, y: end.y - slopes[i + 1].y * third }
    path += `C${at(out)} ${at(into)} ${at(end)}`
  }
  return path
}

/** The way of the curve at a point, as a vector of length 1. */
function direction(points: readonly Point[], i: number): Point {
  const [before, here, after] = [points[i - 1] ?? points[i], points[i], points[i + 1] ?? points[i]]
  const turns = (here.y - before.y) * (after.y - here.y) <= 0 && (here.x - before.x) * (after.x - here.x) > 0
  const x = after.x - before.x
  const y = turns ? 0 : after.y - before.y
  const length = Math.hypot(x, y) || 1
  return { x: x / length, y: y / length }
}

function round(n: number): number {
  return Math.round(n * 10) / 10
}

function at(p: Point): string {
  return `${round(p.x)},${round(p.y)}`
}
