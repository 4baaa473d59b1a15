import { type IncomingMessage, request as send } from 'node:http'
import { pipeline } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BadRequest } from '../../query/bad-request.js'
import type { AddRoute } from './route.js'

/** The process that answers, as soon as it can. @returns path of its socket */
export type ReaderSocket = () => Promise<string>

/** Routes that another process of this machine answers. */
export function forwardedRoutes(server: FastifyInstance, reader: ReaderSocket): AddRoute {
  return (name, _answer, options = { method: 'GET' }) => {
    server.route({
      ...options,
      url: `/${name}.pinpoint`,
      handler: async (request, reply) => {
        const answer = await forward(await reader(), request, reply)
        const { 'retry-after': retryAfter } = answer.headers
        if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
        return reply
          .code(answer.statusCode ?? 502)
          .type(answer.headers['content-type'] ?? 'application/json')
          .send(answer)
      },
    })
  }
}

/** Sends a request on as it came; it ends when its client leaves. */
function forward(socketPath: string, request: FastifyRequest, reply: FastifyReply): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { 'content-type': type, 'content-length': length } = request.headers
    const headers = {
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(length === undefined ? {} : { 'content-length': length }),
    }
    const forwarded = send({ socketPath, path: request.url, method: request.method, headers }, resolve)
    forwarded.on('error', (error) => {
      reject(
        new BadRequest('reader_failed', `the process that reads ended: ${error.message}; ask again, and for less`, 502),
      )
    })
    reply.raw.once('close', () => forwarded.destroy())
    if (request.body instanceof Object && 'pipe' in request.body) pipeline(request.raw, forwarded, () => {})
    else forwarded.end()
  })
}
