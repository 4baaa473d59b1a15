import t from 'tap'
import type { MapLink, MapNode, ServerMap } from '../../../../src/http/web/api/server-map.js'
import { edgeShape, loopShape } from '../../../../src/http/web/map/edge-path.js'
import { fitTransform } from '../../../../src/http/web/map/fit-transform.js'
import { glyphKind } from '../../../../src/http/web/map/glyph-kind.js'
import { layoutMap, RING_RADIUS, shapeOf } from '../../../../src/http/web/map/layout.js'
import { isFailing, mapGraph } from '../../../../src/http/web/map/map-graph.js'
import { shortName } from '../../../../src/http/web/map/short-name.js'

function node(name: string, category: string, total = 1, errors = 0): MapNode {
  return {
    key: `${name}^${category}`,
    applicationName: name,
    category,
    serviceType: category,
    serviceTypeCode: 0,
    isWas: category === 'TOMCAT',
    histogram: { '1s': total - errors, Error: errors },
    totalCount: total,
    errorCount: errors,
    slowCount: 0,
    hasAlert: false,
    instanceCount: 1,
  }
}

function link(from: MapNode, to: MapNode, totalCount = 1): MapLink {
  const end = (n: MapNode) => ({
    applicationName: n.applicationName,
    serviceType: n.serviceType,
    serviceTypeCode: 0,
    isWas: n.isWas,
  })
  return {
    key: `${from.key}~${to.key}`,
    from: from.key,
    to: to.key,
    sourceInfo: end(from),
    targetInfo: end(to),
    totalCount,
    errorCount: 0,
    slowCount: 0,
    histogram: {},
    hasAlert: false,
  }
}

const FRONT = node('FRONT', 'TOMCAT', 10)
const BACK = node('BACK', 'TOMCAT', 4)
const DB = node('test', 'MYSQL', 7)

function hosts(count: number): ServerMap {
  const unknown = Array.from({ length: count }, (_, i) => node(`host-${i}:80`, 'UNKNOWN', i + 1, i))
  return { nodeDataArray: [FRONT, ...unknown], linkDataArray: unknown.map((n) => link(FRONT, n, n.totalCount)) }
}

t.test('many destinations of one kind with the same caller are drawn as one', async (t) => {
  const { nodes, edges } = mapGraph(hosts(4))
  t.equal(nodes.length, 2)
  t.match(nodes[1], { category: 'UNKNOWN', total: 10, errors: 6, histogram: { '1s': 4, Error: 6 } })
  t.equal(nodes[1].members.length, 4)
  t.match(edges, [{ from: FRONT.key, to: nodes[1].key, total: 10 }])
  t.equal(mapGraph(hosts(4), new Set([nodes[1].key])).nodes.length, 5, 'until the group is opened')
  t.equal(mapGraph(hosts(3)).nodes.length, 4, 'a few are drawn one by one')
})

t.test('destinations with different callers stay apart', async (t) => {
  const map = hosts(4)
  map.nodeDataArray.push(BACK)
  map.linkDataArray.push(link(BACK, map.nodeDataArray[1]))
  t.equal(mapGraph(map).nodes.length, 6)
})

t.test('a link to a node that is not on the map is left out', async (t) => {
  t.same(mapGraph({ nodeDataArray: [FRONT], linkDataArray: [link(FRONT, DB)] }).edges, [])
})

t.test('one failure in ten marks a node', async (t) => {
  t.ok(isFailing({ total: 10, errors: 1 }))
  t.notOk(isFailing({ total: 11, errors: 1 }))
  t.notOk(isFailing({ total: 0, errors: 0 }))
})

t.test('nodes lie from left to right along the calls and do not overlap', async (t) => {
  const graph = mapGraph({
    nodeDataArray: [DB, BACK, FRONT],
    linkDataArray: [link(FRONT, BACK), link(BACK, FRONT), link(BACK, DB), link(FRONT, FRONT)],
  })
  const { nodes, edges, width, height } = layoutMap(graph)
  const [front, back, db] = [FRONT, BACK, DB].map((n) => nodes.get(n.key)!)
  t.ok(front.x < back.x && back.x < db.x)
  for (const { x, y } of nodes.values()) t.ok(x > RING_RADIUS && x < width && y > RING_RADIUS && y < height)
  const there = edges.get(`${FRONT.key}~${BACK.key}`)!
  const back_ = edges.get(`${BACK.key}~${FRONT.key}`)!
  t.not(there.label.y, back_.label.y, 'there and back are two lines')
  t.notOk(edges.has(`${FRONT.key}~${FRONT.key}`), 'a loop needs no place')
})

t.test('the order of an answer does not change the layout', async (t) => {
  const map = {
    nodeDataArray: [FRONT, BACK, DB],
    linkDataArray: [link(FRONT, BACK), link(BACK, FRONT), link(BACK, DB)],
  }
  const turned = { nodeDataArray: [DB, BACK, FRONT], linkDataArray: map.linkDataArray.toReversed() }
  t.same(layoutMap(mapGraph(turned)).nodes, layoutMap(mapGraph(map)).nodes)
})

t.test('the layout is made anew only when nodes or edges come or go', async (t) => {
  const before: ServerMap = { nodeDataArray: [FRONT, DB], linkDataArray: [link(FRONT, DB, 3)] }
  const busier: ServerMap = { nodeDataArray: [DB, FRONT], linkDataArray: [link(FRONT, DB, 900)] }
  t.equal(shapeOf(mapGraph(before)), shapeOf(mapGraph(busier)))
  t.not(shapeOf(mapGraph(before)), shapeOf(mapGraph({ ...before, nodeDataArray: [FRONT, DB, BACK] })))
})

t.test('edges begin and end at the rings', async (t) => {
  const { path } = edgeShape(
    { x: 0, y: 0 },
    { x: 300, y: 0 },
    {
      points: [
        { x: 30, y: 0 },
        { x: 150, y: 0 },
        { x: 270, y: 0 },
      ],
      label: { x: 150, y: 0 },
    },
  )
  const xs = [...path.matchAll(/(-?[\d.]+),/g)].map((m) => Number(m[1]))
  t.equal(xs[0], RING_RADIUS + 4)
  t.ok(xs[xs.length - 1] < 300 - RING_RADIUS)
  t.notMatch(edgeShape({ x: 5, y: 5 }, { x: 5, y: 5 }, undefined).path, /NaN/)
  t.notMatch(loopShape({ x: 1.23456, y: 2 }).path, /NaN|\.\d\d/)
})

t.test('opposite edges between moved nodes bend to different sides', async (t) => {
  const [a, b] = [
    { x: 0, y: 0 },
    { x: 200, y: 0 },
  ]
  t.not(edgeShape(a, b, undefined).label.y, edgeShape(b, a, undefined).label.y)
})

t.test('a map is fitted into its window, a small one not blown up', async (t) => {
  t.same(fitTransform({ width: 200, height: 100 }, { width: 100, height: 100 }), { scale: 0.5, x: 0, y: 25 })
  t.ok(fitTransform({ width: 10, height: 10 }, { width: 1000, height: 1000 }).scale <= 1.2)
})

t.test('service types have a picture', async (t) => {
  const kinds = {
    USER: 'user',
    TOMCAT: 'server',
    MYSQL: 'database',
    REDIS: 'cache',
    ACTIVEMQ: 'queue',
    UNKNOWN: 'outside',
    MONGODB: 'documents',
    KAFKA: 'queue',
    SPRING_BOOT: 'server',
    HTTP_CLIENT_4: 'outside',
  }
  for (const [type, kind] of Object.entries(kinds)) t.equal(glyphKind(type), kind, type)
})

t.test('long names lose their middle', async (t) => {
  t.equal(shortName('short', 10), 'short')
  t.equal(shortName('10.20.30.40:8080/some', 11), '10.20…/some')
  t.equal(shortName('x'.repeat(500), 24).length, 24)
})
