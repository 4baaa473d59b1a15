import type { JSX } from 'preact'
import { shortNumber, text } from '../i18n/text.js'
import { Glyph } from './glyph.js'
import { glyphKind } from './glyph-kind.js'
import { HistogramRing } from './histogram-ring.js'
import { type Point, RING_RADIUS } from './layout.js'
import { type GraphNode, isFailing } from './map-graph.js'
import { shortName } from './short-name.js'

const MAX_NAME = 24

interface MapNodeProps {
  node: GraphNode
  at: Point
  main: boolean
  selected: boolean
  onSelect: (node: GraphNode) => void
  onOpen: (node: GraphNode) => void
}

export function MapNodeView({ node, at, main, selected, onSelect, onOpen }: MapNodeProps): JSX.Element {
  const name = nodeName(node)
  const failing = isFailing(node)
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    if (selected && event.key === 'Enter') onOpen(node)
    else onSelect(node)
  }
  const classes = ['map-node', main && 'is-main', selected && 'is-selected', failing && 'is-failing']
  return (
    <g
      class={classes.filter(Boolean).join(' ')}
      transform={`translate(${at.x},${at.y})`}
      data-node={node.key}
      role="button"
      tabindex={0}
      aria-pressed={selected}
      aria-label={text('map.node', { name, type: node.category, total: node.total, errors: node.errors })}
      onClick={() => onSelect(node)}
      onDblClick={() => onOpen(node)}
      onKeyDown={press}
    >
      <title>{`${name} (${node.category})`}</title>
      <circle class="node-disc" r={RING_RADIUS} />
      <HistogramRing histogram={node.histogram} radius={RING_RADIUS} />
      <Glyph kind={glyphKind(node.category)} size={26} x={-13} y={-20} />
      <text class="node-total" y={20}>
        {shortNumber(node.total)}
      </text>
      {node.instances > 1 && (
        <g transform={`translate(${RING_RADIUS * 0.74},${-RING_RADIUS * 0.74})`}>
          <title>{text('map.instances', { n: node.instances })}</title>
          <circle class="node-badge" r={10} />
          <text class="node-badge-text" y={3.5}>
            {node.instances > 99 ? '99+' : node.instances}
          </text>
        </g>
      )}
      {failing && (
        <g class="node-alert" transform={`translate(${-RING_RADIUS * 0.74},${-RING_RADIUS * 0.74})`}>
          <circle r={10} />
          <path d="M0-5v5.500M0 4.200v.1" />
        </g>
      )}
      <text class="node-name" y={RING_RADIUS + 20}>
        {shortName(name, MAX_NAME)}
      </text>
      <text class="node-type" y={RING_RADIUS + 35}>
        {node.category}
      </text>
    </g>
  )
}

export function nodeName(node: GraphNode): string {
  return node.members.length > 1 ? text('map.group', { n: node.members.length, type: node.category }) : node.name
}
