import type { FastifyInstance } from 'fastify'
import type { Introspection, Listening } from './introspection.js'

/** What an operator looks at when data are missing. */
export function addDebugRoutes(server: FastifyInstance, introspection: Introspection): void {
  server.get('/debug/agents', async () => ({ agents: await introspection.agents() }))
  addConfigRoute(server, { config: () => introspection.config(), listening: () => introspection.listening() })
  server.get('/debug/pipeline', async () => introspection.pipeline())
}

export interface ConfigPage {
  config: Introspection['config']
  /** absent or null: no agent can connect to this process */
  listening?: () => Listening | null
}

/** The settings that are in force, where each comes from, and the ports that agents reach. */
export function addConfigRoute(server: FastifyInstance, { config, listening = () => null }: ConfigPage): void {
  server.get('/debug/config', async () => ({ listening: listening(), settings: await config() }))
}
