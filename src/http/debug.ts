import type { FastifyInstance } from 'fastify'
import type { Introspection } from './introspection.js'

/** What an operator looks at when data are missing. */
export function addDebugRoutes(server: FastifyInstance, introspection: Introspection): void {
  server.get('/debug/agents', async () => ({ agents: await introspection.agents() }))
  server.get('/debug/config', async () => ({ settings: await introspection.config() }))
  server.get('/debug/pipeline', async () => introspection.pipeline())
}
