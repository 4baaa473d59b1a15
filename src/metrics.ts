import type { Accounting } from './accounting.js'
import type { SpillReport } from './batch/spill/spill.js'
import { DROP_NAMES, DROPS } from './drop-reasons.js'
import { TABLES } from './row/tables.js'
import type { StoreFigures } from './store/store-figures.js'
import { MESSAGE_TYPES } from './thrift/message-type.js'

/** What a worker knows besides its Accounting: plain numbers, read when somebody scrapes. */
export interface PipelineGauges {
  /** 1: it reads the UDP ports */
  readonly receiving: number
  /** bytes of rows that wait for the store or are on their way to it */
  readonly queueBytes: number
  readonly queueMaxBytes: number
  /** batches given to the store and not answered yet */
  readonly batchesInFlight: number
  readonly agentsConnected: number
  readonly tcpConnections: number
  /** connections refused for tcp.maxConnections */
  readonly tcpRefused: number
  /** bytes held for unfinished TCP packets */
  readonly tcpBufferedBytes: number
  /** defects: exceptions while a TCP packet was handled */
  readonly tcpHandlerErrors: number
  /** datagrams that the kernel dropped since the start; of a socket that workers share, one worker reports them */
  readonly kernelDrops: { readonly stat: number; readonly span: number }
  /** what the kernel granted */
  readonly receiveBufferBytes: { readonly stat: number; readonly span: number }
  readonly storeSizeBytes: number
  readonly spill: SpillReport
  readonly counterMapEntries: number
  readonly counterMapBytes: number
}

export interface MetricSources {
  accounting: Accounting
  figures: StoreFigures
  gauges: PipelineGauges
  version: string
}

export interface Sample {
  labels: Record<string, string>
  value: number
}

/** One metric: its text for /metrics and docs, and how it is read. */
export interface MetricDefinition<S = MetricSources> {
  name: string
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  labels: readonly string[]
  /** how the workers' values become one */
  aggregator: 'sum' | 'min' | 'max' | 'first'
  read(from: S): Sample[]
}

const one = (value: number): Sample[] => [{ labels: {}, value }]

function byName(label: string, values: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }))
}

function byIndex(label: string, names: readonly string[], values: ArrayLike<number>): Sample[] {
  return names.map((name, i) => ({ labels: { [label]: name }, value: values[i] }))
}

const TABLE_NAMES = TABLES.map((t) => t.name)

function dropped({ accounting, gauges }: MetricSources): Sample[] {
  return DROP_NAMES.map((name) => {
    const { stage, reason } = DROPS[name]
    const kernel = gauges.kernelDrops.stat + gauges.kernelDrops.span
    return { labels: { stage, reason }, value: stage === 'kernel' ? kernel : accounting.dropped[name] }
  })
}

function retried({ accounting }: MetricSources): Sample[] {
  return [...accounting.rowsRetried].flatMap(([id, reasons]) =>
    [...reasons].map(([reason, value]) => ({ labels: { table: TABLES[id].name, reason }, value })),
  )
}

type Read = MetricDefinition['read']

function counter(name: string, labels: readonly string[], help: string, read: Read): MetricDefinition {
  return { name, type: 'counter', help, labels, aggregator: 'sum', read }
}

function gauge(name: string, labels: readonly string[], help: string, read: Read): MetricDefinition {
  return { name, type: 'gauge', help, labels, aggregator: 'sum', read }
}

/** Observed by the pipeline, not read. */
export const STORE_WRITE: MetricDefinition = {
  name: 'pinpoint_store_write_seconds',
  type: 'histogram',
  help: 'Time the store took for one batch; slow batches here explain a full queue.',
  labels: ['operation'],
  aggregator: 'sum',
  read: () => [],
}

/** Observed by the pipeline, once a batch. */
export const ACKNOWLEDGED: MetricDefinition = {
  name: 'pinpoint_ack_seconds',
  type: 'histogram',
  help: 'Time from the arrival of the first message of a batch to the acknowledgement of the store: no message waited longer.',
  labels: [],
  aggregator: 'sum',
  read: () => [],
}

/** Every metric of the collector; process_* and nodejs_* come with prom-client. */
export const METRICS: readonly MetricDefinition[] = [
  counter('pinpoint_packets_received_total', ['receiver'], 'UDP datagrams and TCP packets received from agents.', (s) =>
    byName('receiver', s.accounting.packets),
  ),
  gauge('pinpoint_workers_receiving', [], 'Workers that read the UDP ports; the others are on standby.', (s) =>
    one(s.gauges.receiving),
  ),
  counter('pinpoint_network_checks_total', [], 'Checks of the agent network test that were answered.', (s) =>
    one(s.accounting.networkChecks),
  ),
  counter('pinpoint_messages_total', ['type'], 'Messages decoded, by Thrift type; AgentState is a state change.', (s) =>
    byIndex('type', MESSAGE_TYPES, s.accounting.messages),
  ),
  counter('pinpoint_messages_stored_total', ['type'], 'Messages of which the store acknowledged all rows.', (s) =>
    byIndex('type', MESSAGE_TYPES, s.accounting.stored),
  ),
  gauge('pinpoint_messages_in_flight', [], 'Messages decoded and neither stored nor dropped yet.', (s) =>
    one(s.accounting.inFlight),
  ),
  counter(
    'pinpoint_messages_recovered_total',
    [],
    'Messages of former processes that were found on disk: in flight again.',
    (s) => one(s.accounting.recovered),
  ),
  counter(
    'pinpoint_messages_left_total',
    [],
    'Messages on disk when a worker process died; its successor recovers them.',
    () => one(0),
  ),
  counter(
    'pinpoint_dropped_total',
    ['stage', 'reason'],
    'Messages lost, by stage and reason; see docs/reference/errors.md for the cure. Stage kernel: datagrams that never arrived.',
    dropped,
  ),
  counter(
    'pinpoint_fields_left_out_total',
    ['reason'],
    'Fields left out of messages that were stored otherwise.',
    (s) => byName('reason', Object.fromEntries(s.accounting.partial)),
  ),
  counter('pinpoint_rows_written_total', ['table'], 'Rows acknowledged by the store.', (s) =>
    byIndex('table', TABLE_NAMES, s.accounting.rowsWritten),
  ),
  counter('pinpoint_rows_retried_total', ['table', 'reason'], 'Rows written again after a failure.', retried),
  counter(
    'pinpoint_counts_total',
    ['state'],
    'Counts for the server map: taken, recovered from disk, stored, dropped.',
    (s) => byName('state', s.accounting.counts),
  ),
  STORE_WRITE,
  ACKNOWLEDGED,
  counter('pinpoint_store_calls_total', ['server', 'ok'], 'Calls to each region server, or to the store.', (s) =>
    [...s.figures.servers].flatMap(([server, { calls, failures }]) => [
      { labels: { server, ok: 'true' }, value: calls - failures },
      { labels: { server, ok: 'false' }, value: failures },
    ]),
  ),
  counter('pinpoint_store_call_seconds_total', ['server'], 'Time these calls took, added up.', (s) =>
    [...s.figures.servers].map(([server, { totalSeconds }]) => ({ labels: { server }, value: totalSeconds })),
  ),
  gauge('pinpoint_queue_bytes', [], 'Bytes of rows that wait for the store.', (s) => one(s.gauges.queueBytes)),
  gauge('pinpoint_queue_max_bytes', [], 'Bytes at which messages are dropped (batch.maxQueueBytes).', (s) =>
    one(s.gauges.queueMaxBytes),
  ),
  gauge('pinpoint_batches_in_flight', [], 'Batches given to the store and not answered yet.', (s) =>
    one(s.gauges.batchesInFlight),
  ),
  gauge('pinpoint_agents_connected', [], 'Agents with an open, shaken-hands TCP connection.', (s) =>
    one(s.gauges.agentsConnected),
  ),
  gauge('pinpoint_tcp_connections', [], 'Open TCP connections.', (s) => one(s.gauges.tcpConnections)),
  counter('pinpoint_tcp_refused_total', [], 'TCP connections refused because tcp.maxConnections was reached.', (s) =>
    one(s.gauges.tcpRefused),
  ),
  gauge('pinpoint_tcp_buffered_bytes', [], 'Bytes held for TCP packets that are not complete.', (s) =>
    one(s.gauges.tcpBufferedBytes),
  ),
  counter('pinpoint_tcp_handler_errors_total', [], 'Defects while a TCP packet was handled; see the log.', (s) =>
    one(s.gauges.tcpHandlerErrors),
  ),
  counter('pinpoint_udp_kernel_drops_total', ['receiver'], 'Datagrams dropped by the kernel, by port.', (s) =>
    byName('receiver', { ...s.gauges.kernelDrops }),
  ),
  {
    ...gauge('pinpoint_udp_receive_buffer_bytes', ['receiver'], 'Receive buffer that the kernel granted.', (s) =>
      byName('receiver', { ...s.gauges.receiveBufferBytes }),
    ),
    aggregator: 'min',
  },
  gauge('pinpoint_counter_map_entries', [], 'Counters of the server map that wait for their flush.', (s) =>
    one(s.gauges.counterMapEntries),
  ),
  gauge('pinpoint_counter_map_bytes', [], 'Bytes of these counters.', (s) => one(s.gauges.counterMapBytes)),
  gauge('pinpoint_spill_bytes', [], 'Bytes of rows and counters on disk while the store is away.', (s) =>
    one(s.gauges.spill.bytes),
  ),
  gauge('pinpoint_spill_messages', [], 'Messages on disk, a part of those in flight.', (s) =>
    one(s.gauges.spill.messages),
  ),
  counter('pinpoint_spill_records_total', ['op'], 'Batches written to disk, replayed from it, dropped there.', (s) =>
    byName('op', { ...s.gauges.spill.records }),
  ),
  {
    ...gauge('pinpoint_store_size_bytes', [], 'Bytes of the embedded store on disk.', (s) =>
      one(s.gauges.storeSizeBytes),
    ),
    aggregator: 'max',
  },
  {
    ...gauge('pinpoint_build_info', ['version'], 'Always 1.', (s) => [{ labels: { version: s.version }, value: 1 }]),
    aggregator: 'first',
  },
]
