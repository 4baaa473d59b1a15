import type { Registry } from 'prom-client'
import type { RequestCounts } from '../http/request-counts.js'
import type { MetricDefinition, Sample } from '../metrics.js'
import { register } from '../metrics-registry.js'
import type { Instances } from './instances.js'

export interface BrokerSources {
  requests: RequestCounts
  instances: Instances
  /** configured ones, so that those without a binding show 0 */
  collectors: readonly string[]
  version: string
}

type Definition = MetricDefinition<BrokerSources>

const one = (value: number): Sample[] => [{ labels: {}, value }]

function bindingsByCollector({ instances, collectors }: BrokerSources): Sample[] {
  const counts = instances.state.bindingsByHost
  const hosts = new Set([...collectors, ...counts.keys()])
  return [...hosts].map((collector) => ({ labels: { collector }, value: counts.get(collector) ?? 0 }))
}

/** Every metric of the service broker; process_* and nodejs_* come with prom-client. */
export const BROKER_METRICS: readonly Definition[] = [
  {
    name: 'pinpoint_broker_requests_total',
    type: 'counter',
    help: 'Answers to the platform, by operation and HTTP status.',
    labels: ['operation', 'code'],
    aggregator: 'sum',
    read: (s) => s.requests.samples('count'),
  },
  {
    name: 'pinpoint_broker_request_seconds_total',
    type: 'counter',
    help: 'Time these answers took, added up.',
    labels: ['operation', 'code'],
    aggregator: 'sum',
    read: (s) => s.requests.samples('seconds'),
  },
  {
    name: 'pinpoint_broker_instances',
    type: 'gauge',
    help: 'Service instances.',
    labels: [],
    aggregator: 'sum',
    read: (s) => one(s.instances.state.instances.size),
  },
  {
    name: 'pinpoint_broker_bindings',
    type: 'gauge',
    help: 'Bindings by collector; a collector that is configured no longer shows those that still name it.',
    labels: ['collector'],
    aggregator: 'sum',
    read: bindingsByCollector,
  },
  {
    name: 'pinpoint_broker_pending_calls',
    type: 'gauge',
    help: 'Calls that wait for the state to be written.',
    labels: [],
    aggregator: 'sum',
    read: (s) => one(s.instances.report().pending),
  },
  {
    name: 'pinpoint_broker_state_bytes',
    type: 'gauge',
    help: 'Size of the file of instances and bindings.',
    labels: [],
    aggregator: 'sum',
    read: (s) => one(s.instances.report().stateBytes),
  },
  {
    name: 'pinpoint_broker_state_writes_total',
    type: 'counter',
    help: 'Writes of that file; after one that failed (ok="false") the calls it was for were answered with 500.',
    labels: ['ok'],
    aggregator: 'sum',
    read: ({ instances }) => [
      { labels: { ok: 'true' }, value: instances.report().writes },
      { labels: { ok: 'false' }, value: instances.report().failedWrites },
    ],
  },
  {
    name: 'pinpoint_build_info',
    type: 'gauge',
    help: 'Always 1.',
    labels: ['version'],
    aggregator: 'first',
    read: (s) => [{ labels: { version: s.version }, value: 1 }],
  },
]

/** Puts all of them into a registry. */
export function registerBrokerMetrics(registry: Registry, sources: BrokerSources): void {
  for (const metric of BROKER_METRICS) register(registry, metric, sources)
}
