import Fastify, { type FastifyError, type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { messageOf } from '../errors.js'
import type { Logger } from '../log.js'
import { addDebugRoutes } from './debug.js'
import { addSecurityHeaders } from './headers.js'
import { addHealthRoutes } from './health.js'
import { addIndexPage } from './index-page.js'
import type { Introspection } from './introspection.js'
import { addMetricsRoute } from './metrics-page.js'
import { requirePassword } from './password.js'

export interface HttpOptions {
  introspection: Introspection
  log: Pick<Logger, 'error'>
  /** guards everything but /health and /metrics; null: nothing is guarded */
  password: string | null
  /** the plain list of links at /; off where a page is registered there */
  index?: boolean
}

/** No request of ours has a body of any size. */
const MAX_BODY_BYTES = 64 * 1024

const REQUEST_TIMEOUT_MS = 30_000

/** A server with our limits and headers, and no routes. */
export function bareServer(options: FastifyServerOptions): FastifyInstance {
  const server = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    ...options,
  })
  addSecurityHeaders(server)
  return server
}

/** The HTTP server, not listening yet; more routes may be registered, and are guarded as well. */
export function createHttpServer(options: HttpOptions): FastifyInstance {
  const { introspection, log, password } = options
  const server = bareServer({ forceCloseConnections: true })
  if (password !== null) requirePassword(server, password)
  answerErrorsAsJson(server, log)
  addHealthRoutes(server, introspection)
  addMetricsRoute(server, introspection)
  addDebugRoutes(server, introspection)
  if (options.index ?? true) addIndexPage(server)
  return server
}

function answerErrorsAsJson(server: FastifyInstance, log: HttpOptions['log']): void {
  server.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0]
    return reply.code(404).send({ error: 'not_found', message: `There is nothing at ${path}; / lists what there is.` })
  })
  server.setErrorHandler(async (error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) {
      return reply.code(status).send({ error: error.code ?? 'bad_request', message: messageOf(error) })
    }
    log.error({ err: error, url: request.url }, `a page failed: ${messageOf(error)}; see /health/ready`)
    return reply.code(status).send({ error: 'internal', message: 'The page failed; see the log of the collector.' })
  })
}
