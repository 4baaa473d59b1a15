import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { ACKNOWLEDGED, METRICS, type MetricDefinition, type MetricSources, STORE_WRITE } from './metrics.js'

const WRITE_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

const ACKNOWLEDGED_BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.375, 0.5, 0.75, 1, 2.5, 5, 10, 30, 60,
]

/** What the pipeline itself tells the metrics. */
export interface MetricObservers {
  /** Once for each batch that the store answered, well or not. */
  storeWrite(operation: 'put' | 'increment', seconds: number): void
  /** Once for each batch that the store took, with the time since its first message came. */
  acknowledged(seconds: number): void
}

/** Puts all metrics but prom-client's own into a registry; in a cluster each worker has its own and AggregatorRegistry.aggregate adds them up. */
export function registerMetrics(registry: Registry, sources: MetricSources): MetricObservers {
  for (const metric of METRICS) {
    if (metric.type !== 'histogram') register(registry, metric, sources)
  }
  const storeWrite = histogram(registry, STORE_WRITE, WRITE_BUCKETS)
  const acknowledged = histogram(registry, ACKNOWLEDGED, ACKNOWLEDGED_BUCKETS)
  return {
    storeWrite: (operation, seconds) => storeWrite.observe({ operation }, seconds),
    acknowledged: (seconds) => acknowledged.observe(seconds),
  }
}

function histogram(registry: Registry, metric: MetricDefinition, buckets: number[]): Histogram {
  const { name, help, labels } = metric
  return new Histogram({ name, help, labelNames: labels, buckets, registers: [registry] })
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
