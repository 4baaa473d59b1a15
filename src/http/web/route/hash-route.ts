import { linkDate, parseLinkDate } from '../time/date-time.js'
import { DEFAULT_PERIOD, periodMs } from '../time/period.js'
import { type ApplicationKey, formatApplication, parseApplication } from './application-key.js'
import { type DotSelection, formatSelection, parseSelection } from './dot-selection.js'
import { formatFilters, type LinkFilter, parseFilters } from './link-filter.js'

// The part of the address after #, as the page of 1.5.2 has it, so that bookmarks and links in chats still work:
//   /main/NAME@TYPE/5m/2026-11-23-15-00-00                  end left out: now; period left out: the last five minutes
//   /main/NAME@TYPE/realtime
//   /inspector/NAME@TYPE/5m/END[/AGENT]
//   /transactionList/NAME@TYPE/5m/END/SELECTION             SELECTION is our own, see dot-selection.ts
//   /filteredMap/NAME@TYPE/5m/END/FILTER                    FILTER is JSON, see link-filter.ts; a hint behind it is not needed
//   /transactionDetail/TRACE_ID/FOCUS_TIMESTAMP             and /transactionView/AGENT/TRACE_ID/FOCUS_TIMESTAMP

export interface Window {
  period: string
  /** ms since 1970; undefined: now */
  end: number | undefined
}

export interface MainRoute extends Window {
  screen: 'main'
  application: ApplicationKey | undefined
}

export interface InspectorRoute extends Window {
  screen: 'inspector'
  application: ApplicationKey
  agentId: string | undefined
}

export interface TransactionListRoute extends Window {
  screen: 'transactionList'
  application: ApplicationKey
  selection: DotSelection | undefined
}

export interface FilteredMapRoute extends Window {
  screen: 'filteredMap'
  application: ApplicationKey
  filters: readonly LinkFilter[]
}

export interface TransactionDetailRoute {
  screen: 'transactionDetail'
  traceId: string
  focusTimestamp: number
}

export type Route = MainRoute | InspectorRoute | TransactionListRoute | FilteredMapRoute | TransactionDetailRoute

export const HOME: MainRoute = { screen: 'main', application: undefined, period: DEFAULT_PERIOD, end: undefined }

/** The route of an address; what is not understood leads to the start page. */
export function parseRoute(hash: string): Route {
  const [screen, ...rest] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decode)
  if (screen === 'transactionDetail' && rest[0]) return detail(rest[0], rest[1])
  if (screen === 'transactionView' && rest[1]) return detail(rest[1], rest[2])
  const application = parseApplication(rest[0] ?? '')
  if (application === undefined) return HOME
  const window = parseWindow(rest[1], rest[2])
  if (screen === 'inspector') return { screen, application, ...window, agentId: rest[3] || undefined }
  if (screen === 'transactionList') return { screen, application, ...window, selection: parseSelection(rest[3] ?? '') }
  const filters = screen === 'filteredMap' ? parseFilters(rest[3] ?? '') : undefined
  if (filters !== undefined) return { screen: 'filteredMap', application, ...window, filters }
  return { screen: 'main', application, ...window }
}

export function formatRoute(route: Route): string {
  return `#/${segmentsOf(route).map(encode).join('/')}`
}

function segmentsOf(route: Route): string[] {
  if (route.screen === 'transactionDetail') return [route.screen, route.traceId, String(route.focusTimestamp)]
  if (route.application === undefined) return [route.screen]
  const segments = [route.screen, formatApplication(route.application), route.period]
  if (route.end === undefined) return segments
  segments.push(linkDate(route.end))
  if (route.screen === 'inspector' && route.agentId !== undefined) segments.push(route.agentId)
  if (route.screen === 'transactionList' && route.selection !== undefined)
    segments.push(formatSelection(route.selection))
  if (route.screen === 'filteredMap') segments.push(formatFilters(route.filters))
  return segments
}

function detail(traceId: string, focus: string | undefined): TransactionDetailRoute {
  const focusTimestamp = Number(focus)
  return { screen: 'transactionDetail', traceId, focusTimestamp: Number.isFinite(focusTimestamp) ? focusTimestamp : 0 }
}

function parseWindow(period: string | undefined, end: string | undefined): Window {
  const known = period !== undefined && periodMs(period) !== undefined
  return { period: known ? period : DEFAULT_PERIOD, end: parseLinkDate(end ?? '') }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** @ and ^ stay readable: they stand in every link, and browsers leave them alone there. */
function encode(segment: string): string {
  return encodeURIComponent(segment).replaceAll('%40', '@').replaceAll('%5E', '^')
}
