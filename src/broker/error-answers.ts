import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { messageOf } from '../errors.js'
import type { Logger } from '../log.js'
import { type Answer, refusal } from './answers.js'
import { BusyError, NotWrittenError } from './instances.js'

const RETRY_AFTER_SECONDS = '1'

/** Every error is JSON with a description, as the API demands. */
export function answerErrors(server: FastifyInstance, log: Pick<Logger, 'error'>): void {
  server.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0]
    const { status, body } = refusal(404, `There is nothing at ${path}; the broker's address ends before /v2.`)
    return reply.code(status).send(body)
  })
  server.setErrorHandler(async (error: FastifyError, request, reply) => {
    sendError(error, reply)
    if (reply.statusCode >= 500) log.error({ err: error, url: request.url }, `a call failed: ${messageOf(error)}`)
    return reply
  })
}

/** Also for what goes wrong before there is a route, such as an address that cannot be decoded. */
export function sendError(error: FastifyError, reply: FastifyReply): void {
  const { status, body } = answerTo(error)
  if (status === 429) reply.header('retry-after', RETRY_AFTER_SECONDS)
  reply.code(status).send(body)
}

function answerTo(error: FastifyError): Answer {
  if (error instanceof BusyError)
    return refusal(429, 'Too many calls wait for the broker; nothing was done, try again.')
  if (error instanceof NotWrittenError)
    return refusal(
      500,
      'The broker could not write its state; nothing was done. Its operator finds the cause in /health/ready.',
    )
  if (error.validation !== undefined) return refusal(400, validationText(error.validation))
  const status = error.statusCode ?? 500
  if (status >= 500) return refusal(status, 'The call failed; the log of the broker has the cause.')
  // a body of another type is a malformed request to the API, which knows no 415
  if (status === 415) return refusal(400, 'Send JSON, with the header Content-Type: application/json.')
  return refusal(status, messageOf(error))
}

function validationText(problems: NonNullable<FastifyError['validation']>): string {
  const missing = problems.filter((p) => p.keyword === 'required').map((p) => String(p.params.missingProperty))
  if (missing.length > 0) return `Missing required fields: ${missing.join(', ')}`
  return problems.map((p) => `${p.instancePath.slice(1).replaceAll('/', '.') || 'the body'} ${p.message}`).join('; ')
}
