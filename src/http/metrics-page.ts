import type { FastifyInstance } from 'fastify'
import type { Introspection } from './introspection.js'

/** Prometheus text format (https://prometheus.io/docs/instrumenting/exposition_formats). */
const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8'

export function addMetricsRoute(server: FastifyInstance, introspection: Pick<Introspection, 'metricsText'>): void {
  server.get('/metrics', { config: { open: true } }, async (_request, reply) => {
    reply.type(PROMETHEUS_TEXT)
    return introspection.metricsText()
  })
}
