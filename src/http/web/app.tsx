import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { FilteredMapScreen } from './filter/filtered-map-screen.js'
import { PageHeader } from './header/page-header.js'
import { text } from './i18n/text.js'
import { InspectorScreen } from './inspector/inspector-screen.js'
import { MainScreen } from './main/main-screen.js'
import { StartScreen } from './main/start-screen.js'
import { formatApplication } from './route/application-key.js'
import type { Route } from './route/hash-route.js'
import { route } from './state/location.js'
import { TransactionDetailScreen } from './transactions/transaction-detail-screen.js'
import { TransactionListScreen } from './transactions/transaction-list-screen.js'

export function App(): JSX.Element {
  const shown = route.value
  const title = titleOf(shown)
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <>
      <button type="button" class="skip-link" onClick={() => document.getElementById('content')?.focus()}>
        {text('app.skip')}
      </button>
      <PageHeader route={shown} />
      <main id="content" tabindex={-1}>
        <Screen route={shown} />
      </main>
    </>
  )
}

function Screen({ route }: { route: Route }): JSX.Element {
  switch (route.screen) {
    case 'transactionDetail':
      return <TransactionDetailScreen key={route.traceId} route={route} />
    case 'transactionList':
      return <TransactionListScreen route={route} />
    case 'filteredMap':
      return <FilteredMapScreen route={route} />
    case 'inspector':
      return <InspectorScreen key={formatApplication(route.application)} route={route} />
    case 'main': {
      const { application } = route
      if (application === undefined) return <StartScreen />
      return <MainScreen key={formatApplication(application)} route={route} application={application} />
    }
  }
}

function titleOf(shown: Route): string {
  if (shown.screen === 'transactionDetail') return `${text('tx.title')} · Pinpoint`
  return shown.application === undefined ? 'Pinpoint' : `${shown.application.name} · Pinpoint`
}
