import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { ServerMap } from '../api/server-map.js'
import { text } from '../i18n/text.js'
import { IconButton } from '../ui/icon-button.js'
import { edgeShape, loopShape } from './edge-path.js'
import { layoutMap, type Point, shapeOf } from './layout.js'
import { MapEdge } from './map-edge.js'
import { type GraphEdge, type GraphNode, mapGraph } from './map-graph.js'
import { MapNodeView } from './map-node.js'
import { usePanZoom } from './pan-zoom.js'

export interface ServerMapProps {
  map: ServerMap
  /** key of the node of the chosen application */
  mainKey: string
  /** key of a node or an edge */
  selected: string | undefined
  onSelect: (item: GraphNode | GraphEdge) => void
  /** a double click or Enter twice: go on from there */
  onOpen: (node: GraphNode) => void
  /** beside the zoom buttons */
  children?: JSX.Element
}

/** The map: nodes can be dragged, the whole moved and zoomed; everything is reached by Tab and opened by Enter. */
export function ServerMapView({ map, mainKey, selected, onSelect, onOpen, children }: ServerMapProps): JSX.Element {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [moved, setMoved] = useState<ReadonlyMap<string, Point>>(new Map())
  const graph = useMemo(() => mapGraph(map, opened), [map, opened])
  const shape = shapeOf(graph)
  const layout = useMemo(() => layoutMap(graph), [shape])
  const place = (key: string): Point => moved.get(key) ?? layout.nodes.get(key) ?? { x: 0, y: 0 }
  const view = usePanZoom({
    size: layout,
    shape,
    place,
    onMove: (key, to) => setMoved((before) => new Map(before).set(key, to)),
  })

  const open = (node: GraphNode): void => {
    if (node.members.length > 1) setOpened((before) => new Set(before).add(node.key))
    else onOpen(node)
  }
  const arrange = (): void => {
    setMoved(new Map())
    setOpened(new Set())
    view.fit()
  }
  const names = new Map(graph.nodes.map((n) => [n.key, n.name]))

  return (
    <div class="server-map">
      <svg
        ref={view.svg}
        class="server-map-canvas"
        role="group"
        aria-label={text('map.label', { nodes: graph.nodes.length, links: graph.edges.length })}
      >
        <defs>
          {['plain', 'failing', 'selected'].map((kind) => (
            <marker
              key={kind}
              id={`arrow-${kind}`}
              class={`arrow arrow-${kind}`}
              viewBox="0 0 10 10"
              refX="2"
              refY="5"
              markerUnits="userSpaceOnUse"
              markerWidth="10"
              markerHeight="10"
              orient="auto"
            >
              <path d="M0 0 10 5 0 10Z" />
            </marker>
          ))}
        </defs>
        <g ref={view.content}>
          {graph.edges.map((edge) => {
            const loop = edge.from === edge.to
            const atHome = !moved.has(edge.from) && !moved.has(edge.to)
            const line = loop
              ? loopShape(place(edge.from))
              : edgeShape(place(edge.from), place(edge.to), atHome ? layout.edges.get(edge.key) : undefined)
            return (
              <MapEdge
                key={edge.key}
                edge={edge}
                shape={line}
                label={text('map.link', {
                  from: names.get(edge.from) ?? '',
                  to: names.get(edge.to) ?? '',
                  total: edge.total,
                  errors: edge.errors,
                })}
                selected={selected === edge.key}
                onSelect={onSelect}
              />
            )
          })}
          {graph.nodes.map((node) => (
            <MapNodeView
              key={node.key}
              node={node}
              at={place(node.key)}
              main={node.key === mainKey}
              selected={selected === node.key}
              onSelect={onSelect}
              onOpen={open}
            />
          ))}
        </g>
      </svg>
      <div class="map-tools" role="toolbar" aria-label={text('nav.map')}>
        {children}
        <IconButton icon="plus" label={text('map.zoomIn')} onClick={() => view.zoomBy(1.3)} />
        <IconButton icon="minus" label={text('map.zoomOut')} onClick={() => view.zoomBy(1 / 1.3)} />
        <IconButton icon="fit" label={text('map.fit')} onClick={view.fit} />
        <IconButton icon="arrange" label={text('map.arrange')} onClick={arrange} />
      </div>
    </div>
  )
}
