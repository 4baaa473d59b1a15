import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/** Pages load nothing from elsewhere and are not framed. Images may be drawn by the page itself. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
    formAction: ["'self'"],
  },
}

/** Sets the security headers on every answer, and that nothing is kept by caches; a route may replace them. */
export function addSecurityHeaders(server: FastifyInstance): void {
  server.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    // plain HTTP is what this server speaks: a proxy in front of it knows better
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  })
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
}
