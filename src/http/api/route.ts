import type { FastifyInstance, FastifyReply } from 'fastify'
import { BadRequest } from '../../query/bad-request.js'
import { newQuery, type Query, type QueryLimits } from '../../query/context.js'
import type { Store } from '../../store/store.js'
import { Parameters } from './parameters.js'
import { QueryTurns } from './query-turns.js'

/** What the routes of the read API read, and how much of it. */
export interface ApiOptions {
  store: Store
  limits: QueryLimits
  /** queries at a time */
  maxRunning: number
  /** ms */
  now(): number
}

export interface RouteOptions {
  method: 'GET' | 'POST'
  /** bytes of the form */
  bodyLimit?: number
}

/** Adds a route of the read API; `answer` gets the parameters and gives what is answered as JSON. */
export type AddRoute = (
  name: string,
  answer: (query: Query, parameters: Parameters) => Promise<unknown>,
  options?: RouteOptions,
) => void

/** Routes are named as in the original, with its suffix. A query ends when its client leaves. */
export function routesOf(server: FastifyInstance, { store, limits, maxRunning, now }: ApiOptions): AddRoute {
  const turns = new QueryTurns(maxRunning)
  return (name, answer, options = { method: 'GET' }) => {
    server.route({
      ...options,
      url: `/${name}.pinpoint`,
      handler: async (request, reply) => {
        const signal = leavingOf(reply)
        const form = typeof request.body === 'object' ? request.body : null
        const parameters = new Parameters({ ...(request.query as object), ...form })
        const json = await turns.run(signal, async () =>
          JSON.stringify(await answer(newQuery({ store, limits, signal, now: now() }), parameters)),
        )
        return reply.type('application/json; charset=utf-8').send(json)
      },
    })
  }
}

/** Aborted when the connection of an answer is closed before all of it was sent. */
function leavingOf({ raw }: FastifyReply): AbortSignal {
  const leaving = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) leaving.abort(new BadRequest('left', 'the client has left', 499))
  })
  return leaving.signal
}
