import type { FastifyInstance } from 'fastify'
import type { Settings } from '../config/settings.js'
import { messageOf } from '../errors.js'
import { addApi } from '../http/api/api.js'
import { addHealthRoutes } from '../http/health.js'
import type { HealthReport } from '../http/introspection.js'
import { addPage } from '../http/page.js'
import { guardedServer } from '../http/server.js'
import { listenError } from '../listen-error.js'
import type { Logger } from '../log.js'
import { openStore } from '../store/open-store.js'
import type { Store } from '../store/store.js'
import { apiOptions } from './api-options.js'

/** Starts read API and page without a collector, prints READY, and returns; signals stop it. */
export async function startWeb(settings: Settings, log: Logger): Promise<void> {
  const store = await openStore(settings, 'read', log)
  const http = guardedServer({ log, password: settings.httpPassword })
  addHealthRoutes(http, { health: () => storeHealth(store) })
  addApi(http, apiOptions(settings, store))
  await addPage(http)
  const { httpHost: host, httpPort: port } = settings
  await http.listen({ host, port }).catch((error: unknown) => {
    throw listenError(error, 'HTTP', host, port, 'http.port')
  })
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void stop(signal, http, store, log))
  const address = http.server.address()
  const bound = address !== null && typeof address === 'object' ? address.port : port
  process.stdout.write(`READY http=${bound} store=${settings.store} pid=${process.pid}\n`)
}

async function stop(signal: string, http: FastifyInstance, store: Store, log: Logger): Promise<void> {
  log.info(`${signal}: stopping`)
  await http.close()
  await store.close()
  process.exit(0)
}

/** Ready when the store is. */
export async function storeHealth(store: Store): Promise<HealthReport> {
  const health = await store.health().catch((error: unknown) => ({ ok: false, reason: messageOf(error), tables: [] }))
  const tables = (health.tables ?? []).map(({ name, problem }) => ({
    name: `table ${name}`,
    ok: false,
    reason: problem,
  }))
  const checks = [
    { name: 'store', ok: health.ok, ...(health.reason === undefined ? {} : { reason: health.reason }) },
    ...tables,
  ]
  return { ready: checks.every((check) => check.ok), checks }
}
