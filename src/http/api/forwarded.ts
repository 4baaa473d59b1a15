import { type IncomingMessage, request as send } from 'node:http'
import { pipeline } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { messageOf } from '../../errors.js'
import { BadRequest } from '../../query/bad-request.js'
import type { AddRoute } from './route.js'

/** The process that answers, as soon as it can. @returns path of its socket */
export type ReaderSocket = () => Promise<string>

/** A process that has ended is known to have after this: the next question starts it anew. */
const ENDED_MS = 100

/**
 * What says that the process ended before it answered. A reset connection is one of them: a process that is being
 * killed still has its socket, and kept connections lead to it.
 */
const ENDED = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'])

/** Routes that another process of this machine answers. */
export function forwardedRoutes(server: FastifyInstance, reader: ReaderSocket): AddRoute {
  return (name, _answer, options = { method: 'GET' }) => {
    server.route({
      ...options,
      url: `/${name}.pinpoint`,
      handler: async (request, reply) => {
        const answer = await ask(reader, request, reply)
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

/**
 * Asks once more when the process that reads ended before it answered: it may have been another question's fault. One
 * that is too much for the process ends it twice, no more.
 */
async function ask(reader: ReaderSocket, request: FastifyRequest, reply: FastifyReply): Promise<IncomingMessage> {
  try {
    return await forward(await reader(), request, reply).catch(async (error: NodeJS.ErrnoException) => {
      // the body of another method is gone
      if (request.method !== 'GET' || !ENDED.has(error.code ?? '')) throw error
      await pause(ENDED_MS)
      if (reply.raw.destroyed) throw error
      return forward(await reader(), request, reply)
    })
  } catch (error) {
    if (error instanceof BadRequest) throw error
    const why = `the process that reads ended: ${messageOf(error)}; ask again, and for less`
    throw new BadRequest('reader_failed', why, 502)
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
    forwarded.on('error', reject)
    reply.raw.once('close', () => forwarded.destroy())
    if (request.body instanceof Object && 'pipe' in request.body) pipeline(request.raw, forwarded, () => {})
    else forwarded.end()
  })
}
