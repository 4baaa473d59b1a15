import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { METRICS, type MetricDefinition, type MetricSources, STORE_WRITE } from './metrics.js'

const WRITE_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** What the pipeline itself tells the metrics. */
export interface MetricObservers {
  /** Once for each batch that the store answered, well or not. */
  storeWrite(operation: 'put' | 'increment', seconds: number): void
}

/** Puts all metrics but prom-client's own into a registry; in a cluster each worker has its own and AggregatorRegistry.aggregate adds them up. */
export function registerMetrics(registry: Registry, sources: MetricSources): MetricObservers {
  for (const metric of METRICS) {
    if (metric.type !== 'histogram') register(registry, metric, sources)
  }
  const { name, help, labels } = STORE_WRITE
  const storeWrite = new Histogram({ name, help, labelNames: labels, buckets: WRITE_BUCKETS, registers: [registry] })
  return { storeWrite: (operation, seconds) => storeWrite.observe({ operation }, seconds) }
}

/** One counter or gauge that is read when somebody scrapes. */
export function register<S>(registry: Registry, metric: MetricDefinition<S>, sources: S): void {
  const { name, help, labels, aggregator } = metric
  const common = { name, help, labelNames: labels, aggregator, registers: [registry] }
  if (metric.type === 'counter') {
    new Counter({
      ...common,
      collect(): void {
        this.reset()
        for (const sample of metric.read(sources)) this.inc(sample.labels, sample.value)
      },
    })
  } else {
    new Gauge({
      ...common,
      collect(): void {
        this.reset()
        for (const sample of metric.read(sources)) this.set(sample.labels, sample.value)
      },
    })
  }
}
