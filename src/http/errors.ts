import type { FastifyError, FastifyInstance } from 'fastify'
import { messageOf, StoreError } from '../errors.js'
import { type Logger, limitWarnings } from '../log.js'
import { BadRequest } from '../query/bad-request.js'

/** For all that may go better later. */
const RETRY_AFTER_SECONDS = 5

/** What is not found, refused or failed is told as JSON; what failed stands in the log, at a bounded rate. */
export function answerErrorsAsJson(server: FastifyInstance, log: Pick<Logger, 'error'>): void {
  const logError = limitWarnings({ warn: log.error.bind(log) })
  server.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0]
    return reply.code(404).send({ error: 'not_found', message: `There is nothing at ${path}; / lists what there is.` })
  })
  server.setErrorHandler(async (error: FastifyError, request, reply) => {
    const status = statusOf(error)
    const told = { error: error.code ?? 'bad_request', message: messageOf(error) }
    if (status < 500) return reply.code(status).send(told)
    const fields = { err: error, url: request.url }
    if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS)
    if (error instanceof BadRequest || error instanceof StoreError) {
      logError(told.error, `a query failed: ${told.message}; see /health/ready`, fields)
      if (status !== 500) return reply.code(status).send(told)
    } else {
      logError('internal', `a page failed: ${told.message}; see /health/ready`, fields, request.routeOptions.url)
    }
    return reply.code(status).send({ error: 'internal', message: 'The page failed; see the log of the collector.' })
  })
}

/** A store that is away now may be back later. */
function statusOf(error: FastifyError): number {
  if (error instanceof StoreError && error.retriable) return 503
  return error.statusCode ?? 500
}
