import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { text } from '../i18n/text.js'
import { ApplicationPicker } from '../picker/application-picker.js'
import type { ApplicationKey } from '../route/application-key.js'
import {
  type FilteredMapRoute,
  formatRoute,
  type InspectorRoute,
  type MainRoute,
  type Route,
  type TransactionListRoute,
} from '../route/hash-route.js'
import { liveNow } from '../state/live-clock.js'
import { navigate } from '../state/location.js'
import { serverNow } from '../state/server-clock.js'
import { DEFAULT_PERIOD, REALTIME } from '../time/period.js'
import { isRealtime, periodOfRange, rangeOf, shifted, type TimeRange } from '../time/time-range.js'
import { Icon } from '../ui/icon.js'
import { useKeys } from '../ui/use-keys.js'
import { KeyboardHelp } from './keyboard-help.js'
import { SettingsMenu } from './settings-menu.js'
import { TimeControls } from './time-controls.js'

type WindowRoute = (MainRoute | InspectorRoute | TransactionListRoute | FilteredMapRoute) & {
  application: ApplicationKey
}

function hasWindow(route: Route): route is WindowRoute {
  return route.screen !== 'transactionDetail' && route.application !== undefined
}

export function PageHeader({ route }: { route: Route }): JSX.Element {
  const [picking, setPicking] = useState(false)
  const [help, setHelp] = useState(false)
  const shown = hasWindow(route) ? route : undefined
  const live = shown !== undefined && isRealtime(shown.period)

  const choose = (application: ApplicationKey): void => {
    const period = shown?.period ?? DEFAULT_PERIOD
    navigate({ screen: 'main', application, period, end: shown?.end })
  }
  const show = (period: string, end: number | undefined): void => {
    if (shown === undefined) return
    if (shown.screen === 'inspector' || shown.screen === 'filteredMap') navigate({ ...shown, period, end })
    else navigate({ screen: 'main', application: shown.application, period, end })
  }
  const range = rangeOf(shown?.period ?? DEFAULT_PERIOD, live ? liveNow.value : (shown?.end ?? serverNow()))
  const showRange = (wanted: TimeRange): void => show(periodOfRange(wanted), wanted.to)
  const shift = (steps: number): void => showRange(shifted(range, steps))
  const refresh = (): void => show(shown?.period ?? DEFAULT_PERIOD, undefined)
  const toggleLive = (): void => (live ? show(DEFAULT_PERIOD, undefined) : show(REALTIME, undefined))

  useKeys({
    '/': () => setPicking(true),
    '?': () => setHelp(true),
    r: () => live || refresh(),
    l: () => shown?.screen === 'main' && toggleLive(),
    '[': () => live || shift(-1),
    ']': () => live || shift(1),
  })

  return (
    <header class="page-header">
      <a class="brand" href="#/main" aria-label={text('app.title')}>
        <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
          <rect class="brand-ground" width="32" height="32" rx="8" />
          <path class="brand-pin" d="M16 19.500V27M22.5 13a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0Z" />
          <circle class="brand-eye" cx="16" cy="13" r="1.8" />
        </svg>
        <span class="brand-name">Pinpoint</span>
      </a>
      <ApplicationPicker chosen={shown?.application} open={picking} onOpen={setPicking} onChoose={choose} />
      {shown !== undefined && (
        <>
          <nav class="screen-tabs" aria-label={text('app.title')}>
            <Tab screen="main" shown={shown} />
            <Tab screen="inspector" shown={shown} />
          </nav>
          <TimeControls
            period={shown.period}
            range={range}
            live={live}
            canLive={shown.screen === 'main'}
            onPeriod={(period) => show(period, undefined)}
            onRange={showRange}
            onShift={shift}
            onRefresh={refresh}
            onLive={toggleLive}
          />
        </>
      )}
      <span class="grow" />
      <SettingsMenu onHelp={() => setHelp(true)} />
      {help && <KeyboardHelp onClose={() => setHelp(false)} />}
    </header>
  )
}

function Tab({ screen, shown }: { screen: 'main' | 'inspector'; shown: WindowRoute }): JSX.Element {
  const { application, end } = shown
  const period = screen === 'inspector' && isRealtime(shown.period) ? DEFAULT_PERIOD : shown.period
  const to: Route =
    screen === 'main' ? { screen, application, period, end } : { screen, application, period, end, agentId: undefined }
  return (
    <a href={formatRoute(to)} aria-current={shown.screen === screen ? 'page' : undefined}>
      <Icon name={screen === 'main' ? 'map' : 'inspect'} size={16} />
      <span>{text(screen === 'main' ? 'nav.map' : 'nav.inspector')}</span>
    </a>
  )
}
