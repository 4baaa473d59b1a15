import type { FastifyError, FastifyInstance } from 'fastify'
import { messageOf } from '../errors.js'
import type { Logger } from '../log.js'

/** What is not found, refused or failed is told as JSON; what failed stands in the log. */
export function answerErrorsAsJson(server: FastifyInstance, log: Pick<Logger, 'error'>): void {
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
