import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { DotSelection } from '../route/dot-selection.js'
import { type Corner, selectionOf } from './dot-rectangle.js'
import type { DotFilter } from './draw-dots.js'
import type { Plot } from './scales.js'

interface SelectionLayerProps {
  plot: Plot
  left: number
  top: number
  shown: DotFilter
  onSelect: (selection: DotSelection) => void
}

/** Takes the rectangle that mouse, pen or finger draws. */
export function SelectionLayer({ plot, left, top, shown, onSelect }: SelectionLayerProps): JSX.Element {
  const layer = useRef<SVGSVGElement>(null)
  const [corners, setCorners] = useState<[Corner, Corner] | undefined>()

  const cornerOf = (event: PointerEvent): Corner => {
    const box = layer.current!.getBoundingClientRect()
    const clamp = (value: number, most: number): number => Math.min(Math.max(0, value), most)
    return {
      x: clamp(event.clientX - box.left - left, plot.width),
      y: clamp(event.clientY - box.top - top, plot.height),
    }
  }
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return
    event.preventDefault()
    layer.current!.setPointerCapture(event.pointerId)
    const corner = cornerOf(event)
    setCorners([corner, corner])
  }
  const move = (event: PointerEvent): void => {
    if (corners !== undefined) setCorners([corners[0], cornerOf(event)])
  }
  const up = (event: PointerEvent): void => {
    if (corners === undefined) return
    setCorners(undefined)
    const selection = selectionOf(plot, corners[0], cornerOf(event), shown)
    if (selection !== undefined) onSelect(selection)
  }

  return (
    <svg
      ref={layer}
      class="scatter-selection"
      aria-hidden="true"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => setCorners(undefined)}
    >
      {corners !== undefined && (
        <rect
          class="selection-rectangle"
          x={left + Math.min(corners[0].x, corners[1].x)}
          y={top + Math.min(corners[0].y, corners[1].y)}
          width={Math.abs(corners[0].x - corners[1].x)}
          height={Math.abs(corners[0].y - corners[1].y)}
        />
      )}
    </svg>
  )
}
