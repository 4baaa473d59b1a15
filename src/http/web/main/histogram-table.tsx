import type { JSX } from 'preact'
import type { Histogram } from '../api/server-map.js'
import { slotName } from '../histogram/slot-name.js'
import { slotsOf } from '../histogram/slots.js'
import { number } from '../i18n/text.js'

/** A line an agent or host, a column a slot. */
export function HistogramTable(props: { title: string; histograms: Record<string, Histogram> }): JSX.Element | null {
  const lines = Object.entries(props.histograms)
  if (lines.length === 0) return null
  return (
    <section class="panel-section">
      <h3>{props.title}</h3>
      <table class="histogram-table">
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">{props.title}</span>
            </th>
            {slotsOf(lines[0][1]).map((slot) => (
              <th key={slot.name} scope="col" class={`text-${slot.colour}`}>
                {slotName(slot.name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(([name, histogram]) => (
            <tr key={name}>
              <th scope="row" title={name}>
                {name}
              </th>
              {slotsOf(histogram).map((slot) => (
                <td key={slot.name} class={slot.count === 0 ? 'is-zero' : `text-${slot.colour}`}>
                  {number(slot.count)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
