import { AggregatorRegistry, Registry } from 'prom-client'
import t from 'tap'
import { Accounting } from '../../../src/accounting.js'
import { METRICS, type PipelineGauges } from '../../../src/metrics.js'
import { type MetricObservers, registerMetrics } from '../../../src/metrics-registry.js'
import { table } from '../../../src/row/tables.js'
import { StoreFigures } from '../../../src/store/store-figures.js'
import { SPAN } from '../../../src/thrift/message-type.js'

const GAUGES: PipelineGauges = {
  queueBytes: 100,
  receiving: 1,
  queueMaxBytes: 1000,
  batchesInFlight: 2,
  agentsConnected: 3,
  tcpRefused: 0,
  tcpBufferedBytes: 0,
  tcpHandlerErrors: 0,
  tcpConnections: 4,
  kernelDrops: { stat: 5, span: 6 },
  receiveBufferBytes: { stat: 212992, span: 425984 },
  storeSizeBytes: 7000,
  spill: { bytes: 0, messages: 0, records: { written: 0, replayed: 0, dropped: 0 } },
  counterMapEntries: 8,
  counterMapBytes: 900,
}

function worker(): { registry: Registry; accounting: Accounting; observers: MetricObservers } {
  const registry = new Registry()
  const accounting = new Accounting()
  return {
    registry,
    accounting,
    observers: registerMetrics(registry, {
      accounting,
      figures: new StoreFigures(accounting),
      gauges: GAUGES,
      version: '1.2.3',
    }),
  }
}

t.test('names follow the conventions of Prometheus', async (t) => {
  const names = METRICS.map((m) => m.name)
  t.equal(new Set(names).size, names.length)
  for (const { name, type, help, labels } of METRICS) {
    t.match(name, /^pinpoint_[a-z_]+$/)
    t.equal(name.endsWith('_total'), type === 'counter', name)
    t.match(help, /\.$/)
    t.notOk(
      labels.some((l) => l.includes('agent')),
      'no agent id as a label',
    )
  }
  for (const name of [
    'pinpoint_packets_received_total',
    'pinpoint_messages_total',
    'pinpoint_dropped_total',
    'pinpoint_messages_in_flight',
    'pinpoint_messages_stored_total',
    'pinpoint_rows_written_total',
    'pinpoint_rows_retried_total',
    'pinpoint_agents_connected',
    'pinpoint_spill_bytes',
    'pinpoint_store_write_seconds',
  ])
    t.ok(names.includes(name), name)
})

t.test('the text is what the accounting says at the moment of asking', async (t) => {
  const { registry, accounting, observers } = worker()
  accounting.packets.span = 10
  accounting.begin(SPAN)
  accounting.begin(SPAN)
  accounting.store(SPAN)
  accounting.drop('truncated', 3)
  accounting.retried(table('Traces').id, 'timeout', 4)
  accounting.leftOut('destination')
  observers.storeWrite('put', 0.02)
  const text = await registry.metrics()
  for (const line of [
    'pinpoint_packets_received_total{receiver="span"} 10',
    'pinpoint_messages_total{type="TSpan"} 2',
    'pinpoint_messages_stored_total{type="TSpan"} 1',
    'pinpoint_messages_in_flight 1',
    'pinpoint_dropped_total{stage="decode",reason="truncated"} 3',
    'pinpoint_dropped_total{stage="kernel",reason="receive_buffer"} 11',
    'pinpoint_rows_retried_total{table="Traces",reason="timeout"} 4',
    'pinpoint_fields_left_out_total{reason="destination"} 1',
    'pinpoint_queue_bytes 100',
    'pinpoint_udp_receive_buffer_bytes{receiver="span"} 425984',
    'pinpoint_store_write_seconds_bucket{le="0.025",operation="put"} 1',
    'pinpoint_store_write_seconds_count{operation="put"} 1',
    'pinpoint_build_info{version="1.2.3"} 1',
  ])
    t.ok(text.includes(`${line}\n`), line)
  accounting.store(SPAN)
  t.match(await registry.metrics(), /^pinpoint_messages_stored_total\{type="TSpan"\} 2$/m)
})

t.test('workers are added up', async (t) => {
  const workers = [worker(), worker()]
  workers[0].accounting.packets.tcp = 1
  workers[1].accounting.packets.tcp = 2
  const all = await Promise.all(workers.map((w) => w.registry.getMetricsAsJSON()))
  const text = await AggregatorRegistry.aggregate(all).metrics()
  t.match(text, /^pinpoint_packets_received_total\{receiver="tcp"\} 3$/m)
  t.match(text, /^pinpoint_agents_connected 6$/m)
  t.match(text, /^pinpoint_store_size_bytes 7000$/m, 'one store')
  t.match(text, /^pinpoint_udp_receive_buffer_bytes\{receiver="stat"\} 212992$/m)
})
