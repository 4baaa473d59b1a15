import { signal } from '@preact/signals'
import { formatRoute, parseRoute, type Route } from '../route/hash-route.js'
import { isRealtime } from '../time/time-range.js'
import { serverNow } from './server-clock.js'

/** Where the page is, from the address; the one source of what is shown. */
export const route = signal<Route>(withEnd(parseRoute(location.hash)))

/** A range without an end gets the present one, so that the address can be passed on and shows the same there. */
function withEnd(wanted: Route): Route {
  if (wanted.screen === 'transactionDetail' || wanted.application === undefined) return wanted
  if (wanted.end !== undefined || isRealtime(wanted.period)) return wanted
  return { ...wanted, end: Math.ceil(serverNow() / 1000) * 1000 }
}

function adopt(): void {
  const wanted = withEnd(parseRoute(location.hash))
  const hash = formatRoute(wanted)
  if (hash !== location.hash && location.hash !== '') history.replaceState(null, '', hash)
  route.value = wanted
}

export function listenToAddress(): void {
  addEventListener('hashchange', adopt)
  adopt()
}

/** Goes there, with an entry in the history. */
export function navigate(wanted: Route): void {
  const hash = formatRoute(withEnd(wanted))
  if (hash === location.hash) adopt()
  else location.hash = hash
}
