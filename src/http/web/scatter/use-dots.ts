import { useEffect, useRef, useState } from 'preact/hooks'
import type { ApiError } from '../api/api-error.js'
import { getScatterPage } from '../api/scatter.js'
import { learnServerTime, serverNow } from '../state/server-clock.js'
import { asApiError } from '../state/use-answer.js'
import { REALTIME_MS } from '../time/period.js'
import type { TimeRange } from '../time/time-range.js'
import { DotStore } from './dot-store.js'
import { loadScatter } from './load-scatter.js'

export interface Dots {
  store: DotStore
  /** grows with each change of the store */
  version: number
  loading: boolean
  /** false: older dots were left out */
  complete: boolean
  error: ApiError | undefined
  retry: () => void
}

const POLL_MS = 2_000
/** A row may be written so much after its accept time; so far back is asked again. */
const LATE_MS = 10_000
const POLL_LIMIT = 5_000
const POLL_GRID = { xGroupUnit: 1_000, yGroupUnit: 20 }
/** dots of so long before the chart's left edge are kept */
const KEPT_MS = 60_000

/** The dots of an application: of a range, page by page, or in real time, with what is new every two seconds. */
export function useDots(application: string, range: TimeRange, live: boolean): Dots {
  const [state, setState] = useState<Omit<Dots, 'retry'>>(() => ({
    store: new DotStore(),
    version: 0,
    loading: true,
    complete: true,
    error: undefined,
  }))
  const [attempt, setAttempt] = useState(0)
  const wanted = useRef(range)
  wanted.current = range
  const key = live ? `${application} live` : `${application} ${range.from} ${range.to}`

  useEffect(() => {
    const abort = new AbortController()
    const store = new DotStore()
    const change = (part: Partial<Dots>): void => {
      if (!abort.signal.aborted) setState((s) => ({ ...s, ...part, store, version: s.version + 1 }))
    }
    change({ loading: true, complete: true, error: undefined })
    const run = async (): Promise<void> => {
      const complete = await loadScatter({
        application,
        range: wanted.current,
        signal: abort.signal,
        onPage: (page) => {
          store.append(page)
          change({})
        },
      })
      change({ loading: false, complete })
      if (live) await follow(application, store, (error) => change({ error }), abort.signal)
    }
    run().catch((error) => change({ loading: false, error: asApiError(error) }))
    return () => abort.abort()
  }, [key, attempt])

  return { ...state, retry: () => setAttempt((n) => n + 1) }
}

/** Asks for what is new until the signal; an answer that fails is told, and asked again. */
async function follow(
  application: string,
  store: DotStore,
  onChange: (error: ApiError | undefined) => void,
  signal: AbortSignal,
): Promise<void> {
  let last = serverNow()
  while (!signal.aborted) {
    await pause(POLL_MS, signal)
    const to = serverNow()
    const from = last - LATE_MS
    try {
      const query = { application, from, to, limit: POLL_LIMIT, ...POLL_GRID }
      const page = await getScatterPage(query, signal)
      learnServerTime(page.currentServerTime)
      store.append(page, from)
      store.dropBefore(to - REALTIME_MS - KEPT_MS)
      last = to
      onChange(undefined)
    } catch (error) {
      onChange(asApiError(error))
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
