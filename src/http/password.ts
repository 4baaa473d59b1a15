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

/** Name and password of `Basic base64(user:password)`. */
function credentialsOf(authorization: string | undefined): { user: string; password: string } | undefined {
  const match = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization ?? '')
  if (match === null) return undefined
  const pair = Buffer.from(match[1], 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon < 0 ? undefined : { user: pair.slice(0, colon), password: pair.slice(colon + 1) }
}

/** Who is let in, and what the others are told. */
export interface Guard {
  password: string
  /** null: any user name will do */
  user: string | null
  /** body of the answer 401 */
  refusal: Readonly<Record<string, string>>
}

/** Asks for name and password on every route that is not marked open, unknown ones included. */
export function requireCredentials(server: FastifyInstance, { user, password, refusal }: Guard): void {
  const wantedPassword = digest(password)
  const wantedUser = user === null ? null : digest(user)
  server.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.open === true) return undefined
    const given = credentialsOf(request.headers.authorization)
    if (given !== undefined) {
      // digests, so that lengths are equal; both are compared always, so that the time says nothing about either
      const passwordFits = timingSafeEqual(digest(given.password), wantedPassword)
      const userFits = wantedUser === null || timingSafeEqual(digest(given.user), wantedUser)
      if (passwordFits && userFits) return undefined
    }
    reply.header('www-authenticate', 'Basic realm="pinpoint-collector", charset="UTF-8"')
    return reply.code(401).send(refusal)
  })
}

/** The same for pages, where any user name will do. */
export function requirePassword(server: FastifyInstance, password: string): void {
  const message = 'Give the password of http.password by HTTP basic authentication; any user name will do.'
  requireCredentials(server, { user: null, password, refusal: { error: 'unauthorized', message } })
}
