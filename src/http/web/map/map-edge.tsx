import type { JSX } from 'preact'
import { shortNumber } from '../i18n/text.js'
import type { EdgeShape } from './edge-path.js'
import { labelWidth } from './layout.js'
import { type GraphEdge, isFailing } from './map-graph.js'

interface MapEdgeProps {
  edge: GraphEdge
  shape: EdgeShape
  label: string
  selected: boolean
  onSelect: (edge: GraphEdge) => void
}

const PILL_HEIGHT = 20

export function MapEdge({ edge, shape, label, selected, onSelect }: MapEdgeProps): JSX.Element {
  const failing = isFailing(edge)
  const kind = selected ? 'selected' : failing ? 'failing' : 'plain'
  const width = labelWidth(edge)
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    onSelect(edge)
  }
  return (
    <g
      class={`map-edge edge-${kind}`}
      data-edge={edge.key}
      role="button"
      tabindex={0}
      aria-pressed={selected}
      aria-label={label}
      onClick={() => onSelect(edge)}
      onKeyDown={press}
    >
      <title>{label}</title>
      <path class="edge-hit" d={shape.path} />
      <path class="edge-line" d={shape.path} stroke-width={lineWidth(edge.total)} marker-end={`url(#arrow-${kind})`} />
      <g transform={`translate(${shape.label.x},${shape.label.y})`}>
        <rect
          class="edge-pill"
          x={-width / 2}
          y={-PILL_HEIGHT / 2}
          width={width}
          height={PILL_HEIGHT}
          rx={PILL_HEIGHT / 2}
        />
        <text class="edge-count" y={4}>
          {shortNumber(edge.total)}
          {edge.errors > 0 && (
            <tspan class="edge-errors" dx={6}>
              {shortNumber(edge.errors)}
            </tspan>
          )}
        </text>
      </g>
    </g>
  )
}

/** Ten times the requests, a bit thicker. */
function lineWidth(total: number): number {
  return Math.min(4, 1.25 + Math.log10(Math.max(1, total)) * 0.45)
}
