import type { JSX } from 'preact'
import type { Histogram } from '../api/server-map.js'
import { slotsOf } from '../histogram/slots.js'

/** The shares of the slots around a node, from the top, clockwise. */
export function HistogramRing({ histogram, radius }: { histogram: Histogram; radius: number }): JSX.Element {
  let done = 0
  return (
    <g class="histogram-ring" transform="rotate(-90)">
      <circle class="ring-empty" r={radius} />
      {slotsOf(histogram).map((slot) => {
        if (slot.count === 0) return null
        const length = slot.share * 100
        const arc = (
          <circle
            key={slot.name}
            class={`ring-slot stroke-${slot.colour}`}
            r={radius}
            pathLength={100}
            stroke-dasharray={`${length} ${100 - length}`}
            stroke-dashoffset={-done}
          />
        )
        done += length
        return arc
      })}
    </g>
  )
}
