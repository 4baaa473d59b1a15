import type { FastifyInstance } from 'fastify'
import type { HealthReport } from './introspection.js'

/** /health/live: the process answers. /health/ready: 503 with the reasons while agents' data could not be stored. */
export function addHealthRoutes(server: FastifyInstance, health: { health(): Promise<HealthReport> }): void {
  const open = { config: { open: true } }
  server.get('/health/live', open, async () => ({ status: 'live' }))
  server.get('/health/ready', open, async (_request, reply) => {
    const { ready, checks, details } = await health.health()
    const reasons = checks.filter((c) => !c.ok).map((c) => `${c.name}: ${c.reason ?? 'not ok'}`)
    reply.code(ready ? 200 : 503)
    return { status: ready ? 'ready' : 'not ready', reasons, checks, ...(details === undefined ? {} : { details }) }
  })
}
