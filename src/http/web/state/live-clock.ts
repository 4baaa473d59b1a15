import { effect, signal } from '@preact/signals'
import { isRealtime } from '../time/time-range.js'
import { route } from './location.js'
import { serverNow } from './server-clock.js'

const TICK_MS = 1_000

/** The present time of the server; moves only while the page shows real time. */
export const liveNow = signal(serverNow())

effect(() => {
  const shown = route.value
  if (shown.screen === 'transactionDetail' || !isRealtime(shown.period)) return undefined
  liveNow.value = serverNow()
  const timer = setInterval(() => (liveNow.value = serverNow()), TICK_MS)
  return () => clearInterval(timer)
})
