import type { JSX } from 'preact'
import { text } from '../i18n/text.js'
import { ApplicationList } from '../picker/application-list.js'
import { applications, applicationsError, followApplications } from '../state/applications.js'
import { navigate } from '../state/location.js'
import { DEFAULT_PERIOD } from '../time/period.js'
import { EmptyState } from '../ui/empty-state.js'
import { ErrorState } from '../ui/error-state.js'
import { LoadingBar } from '../ui/loading-bar.js'
import { NoAgents } from './no-agents.js'

/** What is seen before an application is chosen. */
export function StartScreen(): JSX.Element {
  const known = applications.value
  const error = applicationsError.value
  if (known === undefined && error !== undefined) return <ErrorState error={error} onRetry={followApplications} />
  if (known === undefined) return <LoadingBar on />
  if (known.length === 0) return <NoAgents />
  return (
    <div class="start-screen">
      <EmptyState icon="map" title={text('empty.choose.title')}>
        <p>{text('empty.choose.do')}</p>
        <ApplicationList
          applications={known}
          chosen={undefined}
          focus
          onChoose={(application) => navigate({ screen: 'main', application, period: DEFAULT_PERIOD, end: undefined })}
        />
      </EmptyState>
    </div>
  )
}
