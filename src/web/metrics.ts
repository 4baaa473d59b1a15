import type { RequestCounts } from '../http/request-counts.js'
import type { MetricDefinition } from '../metrics.js'

export interface WebSources {
  requests: RequestCounts
  /** requests that are being answered */
  running: () => number
  version: string
}

/** Every metric of the web command; process_* and nodejs_* come with prom-client. */
export const WEB_METRICS: readonly MetricDefinition<WebSources>[] = [
  {
    name: 'pinpoint_web_requests_total',
    type: 'counter',
    help: 'Answers of read API and page, by route and HTTP status; 499: the browser left before its answer was ready.',
    labels: ['route', 'code'],
    aggregator: 'sum',
    read: ({ requests }) => requests.samples('count'),
  },
  {
    name: 'pinpoint_web_request_seconds_total',
    type: 'counter',
    help: 'Time these answers took, added up.',
    labels: ['route', 'code'],
    aggregator: 'sum',
    read: ({ requests }) => requests.samples('seconds'),
  },
  {
    name: 'pinpoint_web_requests_running',
    type: 'gauge',
    help: 'Requests that are being answered.',
    labels: [],
    aggregator: 'sum',
    read: ({ running }) => [{ labels: {}, value: running() }],
  },
  {
    name: 'pinpoint_build_info',
    type: 'gauge',
    help: 'Always 1.',
    labels: ['version'],
    aggregator: 'first',
    read: ({ version }) => [{ labels: { version }, value: 1 }],
  },
]
