import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { addHealthRoutes } from '../http/health.js'
import type { HealthReport } from '../http/introspection.js'
import { addMetricsRoute } from '../http/metrics-page.js'
import { requireCredentials } from '../http/password.js'
import { RequestCounts } from '../http/request-counts.js'
import { bareServer } from '../http/server.js'
import type { Logger } from '../log.js'
import { requireApiVersion } from './api-version.js'
import { answerErrors, sendError } from './error-answers.js'
import { originatingIdentity } from './identity.js'
import type { Instances } from './instances.js'
import { registerBrokerMetrics } from './metrics.js'
import type { Offer } from './operations.js'
import { MAX_ID_LENGTH } from './requests.js'
import { addBrokerRoutes } from './routes.js'

export interface BrokerServerOptions {
  instances: Instances
  offer: Offer
  user: string
  password: string
  version: string
  /** the broker's metrics are added to what it holds */
  registry: Registry
  log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** The broker's HTTP server, not listening yet. */
export function createBrokerServer(options: BrokerServerOptions): FastifyInstance {
  const { instances, offer, user, password, version, registry, log } = options
  const server = bareServer({
    // a stop waits for calls that are being answered, and for no others
    forceCloseConnections: 'idle',
    // a 503 would make the platform clean up; calls that still come are answered
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => sendError(error, reply),
    routerOptions: { maxParamLength: MAX_ID_LENGTH },
    // platforms must not be helped by guessing: "1" is no number, unknown fields stay
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true } },
  })
  const requests = new RequestCounts('operation')
  countAndAudit(server, requests, log)
  const refusal = { description: 'Give broker.username and broker.password by HTTP basic authentication.' }
  requireCredentials(server, { user, password, refusal })
  requireApiVersion(server)
  answerErrors(server, log)
  takeEmptyBodies(server)
  addHealthRoutes(server, { health: async () => health(instances) })
  registerBrokerMetrics(registry, { requests, instances, collectors: offer.collectors, version })
  addMetricsRoute(server, { metricsText: () => registry.metrics() })
  addBrokerRoutes(server, { instances, offer, remark: (text) => log.warn(text) })
  return server
}

/** Some platforms send the type of a body with calls that have none. */
function takeEmptyBodies(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, String(body), done)
  })
}

function health(instances: Instances): HealthReport {
  const { failure } = instances.report()
  const state = failure === null ? { name: 'state', ok: true } : { name: 'state', ok: false, reason: failure }
  return { ready: state.ok, checks: [state] }
}

/** Echoes the request's identity, counts every answer, and logs each call that changes something. */
function countAndAudit(server: FastifyInstance, requests: RequestCounts, log: BrokerServerOptions['log']): void {
  server.addHook('onRequest', async (request, reply) => {
    const identity = request.headers['x-broker-api-request-identity']
    if (typeof identity === 'string') reply.header('x-broker-api-request-identity', identity)
  })
  server.addHook('onResponse', async (request, reply) => {
    const { operation = 'none', audited = false } = request.routeOptions.config
    requests.add(operation, reply.statusCode, reply.elapsedTime / 1000)
    // strangers must not fill the log; the metrics count them
    if (!audited || reply.statusCode === 401) return
    const fields = {
      operation,
      status: reply.statusCode,
      ...(request.params as object),
      ...originatingIdentity(request.headers['x-broker-api-originating-identity']),
      request: request.headers['x-broker-api-request-identity'],
      address: request.ip,
    }
    log.info(fields, `${operation}: ${reply.statusCode}`)
  })
}
