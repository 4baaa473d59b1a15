import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** served without the password */
    open?: boolean
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** The password of `Basic base64(user:password)`; any user name will do. */
function passwordOf(authorization: string | undefined): string | undefined {
  const match = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization ?? '')
  if (match === null) return undefined
  const pair = Buffer.from(match[1], 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon < 0 ? undefined : pair.slice(colon + 1)
}

/** Asks for the password on every route that is not marked open, unknown ones included. */
export function requirePassword(server: FastifyInstance, password: string): void {
  const wanted = digest(password)
  server.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.open === true) return undefined
    const given = passwordOf(request.headers.authorization)
    // digests, so that lengths are equal and the time says nothing about the password
    if (given !== undefined && timingSafeEqual(digest(given), wanted)) return undefined
    reply.header('www-authenticate', 'Basic realm="pinpoint-collector", charset="UTF-8"')
    return reply.code(401).send({
      error: 'unauthorized',
      message: 'Give the password of http.password by HTTP basic authentication; any user name will do.',
    })
  })
}
