import type { PipelineReport, ServerReport } from './http/introspection.js'
import { TABLES } from './row/tables.js'
import type { WorkerReports, WorkerTotals } from './worker/report.js'

type Metrics = WorkerTotals['metrics']
type Sample = Metrics[number]['values'][number]

/**
 * The pipeline page, out of the metrics: both tell the same of workers that live, are silent or have died.
 * @param metrics of all workers, added up
 */
export function pipelineReport(metrics: Metrics, answers: readonly WorkerReports['pipeline'][]): PipelineReport {
  const samples = new Map(metrics.map(({ name, values }) => [name, values]))
  const of = (name: string): Sample[] => samples.get(`pinpoint_${name}`) ?? []
  const one = (name: string, labels: Readonly<Record<string, string>> = {}): number =>
    of(name).reduce((sum, s) => (hasLabels(s, labels) ? sum + s.value : sum), 0)
  const records = (op: string): number => one('spill_records_total', { op })
  return {
    workers: answers.length,
    queueBytes: one('queue_bytes'),
    queueMaxBytes: one('queue_max_bytes'),
    batchesInFlight: one('batches_in_flight'),
    messagesInFlight: one('messages_in_flight'),
    dropped: Object.fromEntries(
      of('dropped_total').flatMap(({ labels, value }) =>
        value > 0 ? [[`${labels.stage}/${labels.reason}`, value]] : [],
      ),
    ),
    spill: {
      bytes: one('spill_bytes'),
      messages: one('spill_messages'),
      records: { written: records('written'), replayed: records('replayed'), dropped: records('dropped') },
    },
    tables: TABLES.map(({ name: table }) => ({
      table,
      rowsWritten: one('rows_written_total', { table }),
      rowsRetried: one('rows_retried_total', { table }),
    })),
    servers: of('store_call_seconds_total').map(({ labels, value: seconds }): ServerReport => {
      const server = String(labels.server)
      const writes = one('store_calls_total', { server })
      return {
        server,
        writes,
        failures: one('store_calls_total', { server, ok: 'false' }),
        meanMs: (seconds / writes) * 1000,
        maxMs: Math.max(0, ...answers.map(({ slowest }) => slowest[server] ?? 0)) * 1000,
      }
    }),
  }
}

function hasLabels(sample: Sample, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
}
