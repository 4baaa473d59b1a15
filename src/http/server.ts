import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Logger } from '../log.js'
import { addDebugRoutes } from './debug.js'
import { answerErrorsAsJson } from './errors.js'
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

/** The same with the password in front of all routes and errors as JSON. */
export function guardedServer({ log, password }: Pick<HttpOptions, 'log' | 'password'>): FastifyInstance {
  const server = bareServer({ forceCloseConnections: true })
  if (password !== null) requirePassword(server, password)
  answerErrorsAsJson(server, log)
  return server
}

/** The HTTP server of a collector, not listening yet; more routes may be registered, and are guarded as well. */
export function createHttpServer(options: HttpOptions): FastifyInstance {
  const { introspection } = options
  const server = guardedServer(options)
  addHealthRoutes(server, introspection)
  addMetricsRoute(server, introspection)
  addDebugRoutes(server, introspection)
  if (options.index ?? true) addIndexPage(server)
  return server
}
