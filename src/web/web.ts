import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { packageVersion } from '../cli/version.js'
import type { Settings } from '../config/settings.js'
import { addPage } from '../http/page.js'
import { listenError } from '../listen-error.js'
import type { Logger } from '../log.js'
import { openStore } from '../store/open-store.js'
import type { Store } from '../store/store.js'
import { createWebServer } from './web-server.js'

/** Starts read API and page without a collector, prints READY, and returns; signals stop it. */
export async function startWeb(settings: Settings, log: Logger): Promise<void> {
  const store = await openStore(settings, 'read', log)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const http = createWebServer({ settings, store, log, registry, version: packageVersion() })
  if (!addPage(http)) log.warn('the page is not built: only the read API is served; run "npm run build"')
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
