import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { describeSettings } from '../config/describe.js'
import type { Settings } from '../config/settings.js'
import { messageOf } from '../errors.js'
import { addApi } from '../http/api/api.js'
import { addConfigRoute } from '../http/debug.js'
import { addHealthRoutes } from '../http/health.js'
import type { HealthReport } from '../http/introspection.js'
import { addMetricsRoute } from '../http/metrics-page.js'
import { RequestCounts } from '../http/request-counts.js'
import { guardedServer } from '../http/server.js'
import type { Logger } from '../log.js'
import { register } from '../metrics-registry.js'
import type { Store } from '../store/store.js'
import { apiOptions } from './api-options.js'
import { WEB_METRICS } from './metrics.js'

export interface WebServerOptions {
  settings: Settings
  store: Store
  log: Pick<Logger, 'error'>
  /** the metrics of the web command are added to what it holds */
  registry: Registry
  version: string
}

/** Read API, health, metrics and settings; not listening yet. */
export function createWebServer({ settings, store, log, registry, version }: WebServerOptions): FastifyInstance {
  const http = guardedServer({ log, password: settings.httpPassword })
  const requests = new RequestCounts('route')
  const running = countRequests(http, requests)
  for (const metric of WEB_METRICS) register(registry, metric, { requests, running, version })
  addHealthRoutes(http, { health: () => storeHealth(store) })
  addMetricsRoute(http, { metricsText: () => registry.metrics() })
  addConfigRoute(http, { config: async () => describeSettings(settings) })
  addApi(http, apiOptions(settings, store))
  return http
}

/** @returns how many are being answered */
function countRequests(http: FastifyInstance, requests: RequestCounts): () => number {
  let running = 0
  http.addHook('onRequest', async (request, reply) => {
    running++
    const began = performance.now()
    let ended = false
    const end = (status: number): void => {
      if (ended) return
      ended = true
      running--
      requests.add(request.routeOptions.url ?? 'none', status, (performance.now() - began) / 1000)
    }
    reply.raw.once('finish', () => end(reply.statusCode))
    reply.raw.once('close', () => end(LEFT))
  })
  return () => running
}

/** Counted as the status of answers that nobody waited for. */
const LEFT = 499

/** Ready when the store is. */
export async function storeHealth(store: Store): Promise<HealthReport> {
  const health = await store.health().catch((error: unknown) => ({ ok: false, reason: messageOf(error), tables: [] }))
  const tables = (health.tables ?? []).map(({ name, problem }) => ({
    name: `table ${name}`,
    ok: false,
    reason: problem,
  }))
  const checks = [
    { name: 'store', ok: health.ok, ...(health.reason === undefined ? {} : { reason: health.reason }) },
    ...tables,
  ]
  return { ready: checks.every((check) => check.ok), checks }
}
