import type { FastifyInstance } from 'fastify'
import { refusal } from './answers.js'

/** Major versions of the API that platforms may speak (spec: operations.md §7.1). */
const SUPPORTED = /^[23]\.\d+$/

/** Answers 412 to platforms whose X-Broker-API-Version is missing or too far from ours. */
export function requireApiVersion(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.open === true) return undefined
    const given = request.headers['x-broker-api-version']
    if (typeof given === 'string' && SUPPORTED.test(given)) return undefined
    const { status, body } = refusal(
      412,
      'The provided service broker API version is not supported: ' +
        `Expected Version = 2.x, 3.x, Provided Version = ${given ?? 'none'} (header X-Broker-API-Version)`,
    )
    return reply.code(status).send(body)
  })
}
