import { drag } from 'd3-drag'
import { select } from 'd3-selection'
import { type ZoomBehavior, zoom, zoomIdentity } from 'd3-zoom'
import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { type FitSize, fitTransform } from './fit-transform.js'
import type { Point } from './layout.js'

export interface PanZoomOptions {
  size: FitSize
  /** a new shape is fitted to the window */
  shape: string
  place: (key: string) => Point
  onMove: (key: string, to: Point) => void
}

export interface PanZoom {
  svg: RefObject<SVGSVGElement | null>
  content: RefObject<SVGGElement | null>
  zoomBy: (factor: number) => void
  fit: () => void
}

const SCALES: [number, number] = [0.1, 3]
/** a press that moves less is a click */
const CLICK_DISTANCE = 4

/** Moves and zooms the content of an svg, and drags the elements in it that have a data-node. */
export function usePanZoom(options: PanZoomOptions): PanZoom {
  const svg = useRef<SVGSVGElement>(null)
  const content = useRef<SVGGElement>(null)
  const behaviour = useRef<ZoomBehavior<SVGSVGElement, unknown> | undefined>(undefined)
  const latest = useRef(options)
  latest.current = options

  const fit = (): void => {
    const element = svg.current
    if (element === null || behaviour.current === undefined) return
    const { clientWidth: width, clientHeight: height } = element
    if (width === 0 || height === 0) return
    const { scale, x, y } = fitTransform(latest.current.size, { width, height })
    behaviour.current.transform(select(element), zoomIdentity.translate(x, y).scale(scale))
  }

  useEffect(() => {
    const element = svg.current!
    const inner = content.current!
    behaviour.current = zoom<SVGSVGElement, unknown>()
      .scaleExtent(SCALES)
      .clickDistance(CLICK_DISTANCE)
      .on('zoom', (event: { transform: { toString(): string } }) =>
        inner.setAttribute('transform', String(event.transform)),
      )
    select(element).call(behaviour.current).on('dblclick.zoom', null)
    select(inner).call(
      drag<SVGGElement, unknown>()
        // places are those of the content, moved and zoomed as it is
        .container(inner)
        .clickDistance(CLICK_DISTANCE)
        .filter((event: MouseEvent) => !event.ctrlKey && !event.button && nodeKey(event.target) !== undefined)
        .subject((event: { sourceEvent: MouseEvent }) => {
          const key = nodeKey(event.sourceEvent.target)!
          return { key, ...latest.current.place(key) }
        })
        .on('drag', (event: { subject: { key: string }; x: number; y: number }) => {
          latest.current.onMove(event.subject.key, { x: event.x, y: event.y })
        }),
    )
    // the size of the window decides the scale until somebody moves the map
    const resized = new ResizeObserver(fit)
    resized.observe(element)
    return () => resized.disconnect()
  }, [])

  useEffect(fit, [options.shape])

  return {
    svg,
    content,
    fit,
    zoomBy: (factor) => svg.current && behaviour.current?.scaleBy(select(svg.current), factor),
  }
}

function nodeKey(target: EventTarget | null): string | undefined {
  const group = target instanceof Element ? target.closest<SVGGElement>('[data-node]') : null
  return group?.dataset.node
}
