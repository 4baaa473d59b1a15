import type { JSX } from 'preact'
import type { Histogram } from '../api/server-map.js'
import { number } from '../i18n/text.js'
import { slotName } from './slot-name.js'
import { slotsOf } from './slots.js'

const HEIGHT = 96

/** Requests by response time, a bar a slot. */
export function HistogramBars({ histogram }: { histogram: Histogram }): JSX.Element {
  const slots = slotsOf(histogram)
  const most = Math.max(1, ...slots.map((s) => s.count))
  return (
    <ul class="histogram-bars">
      {slots.map((slot) => {
        const height = slot.count === 0 ? 0 : Math.max(2, (slot.count / most) * HEIGHT)
        return (
          <li
            key={slot.name}
            title={`${slotName(slot.name)}: ${number(slot.count)} (${number(slot.share * 100, 1)} %)`}
          >
            <span class="bar-count">{number(slot.count)}</span>
            <svg class="bar" height={HEIGHT} aria-hidden="true">
              <rect class="bar-ground" width="100%" height={HEIGHT} rx={3} />
              <rect class={`fill-${slot.colour}`} width="100%" height={height} y={HEIGHT - height} rx={3} />
            </svg>
            <span class="bar-name">{slotName(slot.name)}</span>
          </li>
        )
      })}
    </ul>
  )
}
