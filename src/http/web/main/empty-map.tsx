import type { JSX } from 'preact'
import { text } from '../i18n/text.js'
import { type ApplicationKey, formatApplication } from '../route/application-key.js'
import { navigate } from '../state/location.js'
import { dateTime } from '../time/date-time.js'
import { DAY_PERIOD } from '../time/period.js'
import type { TimeRange } from '../time/time-range.js'
import { EmptyState } from '../ui/empty-state.js'

interface EmptyMapProps {
  application: ApplicationKey
  range: TimeRange
  live: boolean
}

export function EmptyMap({ application, range, live }: EmptyMapProps): JSX.Element {
  return (
    <EmptyState icon={live ? 'live' : 'map'} title={text('empty.map.title')}>
      <p>
        {text('empty.map.do', { application: application.name, from: dateTime(range.from), to: dateTime(range.to) })}
      </p>
      <button
        type="button"
        class="button"
        onClick={() => navigate({ screen: 'main', application, period: DAY_PERIOD, end: undefined })}
      >
        {text('empty.map.longer', { period: DAY_PERIOD })}
      </button>
    </EmptyState>
  )
}

export function UnknownApplication({ application }: { application: ApplicationKey }): JSX.Element {
  return (
    <EmptyState icon="search" title={text('empty.application.title', { application: formatApplication(application) })}>
      <p>{text('empty.application.do')}</p>
    </EmptyState>
  )
}
