import type { FastifyInstance } from 'fastify'
import type { Introspection } from './introspection.js'

/** What an operator looks at when data are missing. */
export function addDebugRoutes(server: FastifyInstance, introspection: Introspection): void {
  server.get('/debug/agents', async () => ({ agents: await introspection.agents() }))
  addConfigRoute(server, { config: () => introspection.config() })
  server.get('/debug/pipeline', async () => introspection.pipeline())
}

/** The settings that are in force, and where each comes from. */
export function addConfigRoute(server: FastifyInstance, { config }: Pick<Introspection, 'config'>): void {
  server.get('/debug/config', async () => ({ settings: await config() }))
}
