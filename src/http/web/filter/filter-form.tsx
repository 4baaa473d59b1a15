import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { MapLink } from '../api/server-map.js'
import { text } from '../i18n/text.js'
import { linkFilter } from '../route/link-filter.js'
import { navigate } from '../state/location.js'
import { serverNow } from '../state/server-clock.js'
import { periodOfRange, type TimeRange } from '../time/time-range.js'
import { Icon } from '../ui/icon.js'

const OUTCOMES = ['all', 'success', 'failed'] as const
type Outcome = (typeof OUTCOMES)[number]

interface FilterFormProps {
  link: MapLink
  range: TimeRange
}

/** Leads from one link to the map of the transactions that use it. */
export function FilterForm({ link, range }: FilterFormProps): JSX.Element | null {
  const [least, setLeast] = useState('')
  const [most, setMost] = useState('')
  const [outcome, setOutcome] = useState<Outcome>('all')
  const { filterApplicationName: name, filterApplicationServiceTypeName: type } = link
  if (name === undefined || type === undefined) return null

  const show = (event: Event): void => {
    event.preventDefault()
    const failed = outcome === 'all' ? undefined : outcome === 'failed'
    const filter = linkFilter(link, { least: milliseconds(least), most: milliseconds(most), failed })
    const end = Math.min(range.to, Math.ceil(serverNow() / 1000) * 1000)
    navigate({
      screen: 'filteredMap',
      application: { name, type },
      period: periodOfRange(range),
      end,
      filters: [filter],
    })
  }
  return (
    <section class="panel-section">
      <h3>{text('filter.title')}</h3>
      <form class="filter-form" onSubmit={show}>
        <Milliseconds label={text('filter.least')} value={least} onChange={setLeast} />
        <Milliseconds label={text('filter.most')} value={most} onChange={setMost} />
        <label class="inline-field">
          <span>{text('filter.outcome')}</span>
          <select value={outcome} onChange={(e) => setOutcome(e.currentTarget.value as Outcome)}>
            {OUTCOMES.map((o) => (
              <option key={o} value={o}>
                {text(`filter.${o}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="link-button">
          <Icon name="map" size={16} />
          {text('filter.show')}
        </button>
      </form>
    </section>
  )
}

function Milliseconds({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (value: string) => void
}): JSX.Element {
  return (
    <label class="inline-field">
      <span>{label}</span>
      <input
        type="number"
        min={0}
        max={99_999_999}
        step={1}
        value={value}
        onInput={(e) => onChange(e.currentTarget.value)}
      />
    </label>
  )
}

function milliseconds(value: string): number | undefined {
  return value === '' ? undefined : Number(value)
}
