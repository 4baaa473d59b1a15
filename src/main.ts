import type { FastifyInstance } from 'fastify'
import { Accounting } from './accounting.js'
import type { Settings } from './config/settings.js'
import { addIndexPage } from './http/index-page.js'
import { type Collector, CollectorIntrospection } from './introspection.js'
import { listenError } from './listen-error.js'
import type { Logger } from './log.js'
import type { Ports } from './pipeline.js'
import { openStore } from './store/open-store.js'
import type { Store } from './store/store.js'
import { StoreFigures } from './store/store-figures.js'
import { ClusterSupervisor } from './worker/cluster-supervisor.js'
import { workerCount } from './worker/count.js'
import { type Crew, crewOfOne } from './worker/crew.js'
import { Worker } from './worker/worker.js'

/** A signal this soon after the first is the same wish. */
const SECOND_SIGNAL_MS = 500

/** Starts the collector, prints READY, and returns; signals stop it. */
export async function startCollector(settings: Settings, log: Logger): Promise<void> {
  const count = workerCount(settings)
  const accounting = new Accounting()
  const figures = new StoreFigures(accounting)
  // processes take the longest to start, so they go first
  const supervisor = count > 1 ? new ClusterSupervisor(count, settings, log) : null
  const starting = supervisor?.start()
  starting?.catch(() => {})
  try {
    const [store, { createHttpServer }] = await Promise.all([
      openStore(settings, 'maintain', log, figures),
      import('./http/server.js'),
    ])
    if (store.kind === 'embedded') await store.ensureTables()
    const crew = supervisor === null ? crewOfOne(new Worker(settings, store, accounting, figures, log, 0)) : supervisor
    const collector: Collector = { settings, store, crew, ports: null, now: Date.now }
    const http = createHttpServer({
      introspection: new CollectorIntrospection(collector),
      log,
      password: settings.httpPassword,
      index: !settings.web,
    })
    if (settings.web) await addWeb(http, settings, log)
    const ports = await (starting ?? crew.start())
    collector.ports = ports
    const { httpHost: host, httpPort: port } = settings
    await http.listen({ host, port }).catch((error: unknown) => {
      throw listenError(error, 'HTTP', host, port, 'http.port')
    })
    stopOnSignals(crew, http, store, settings, log)
    process.stdout.write(readyLine(ports, httpPort(http), settings))
  } catch (error) {
    supervisor?.kill()
    throw error
  }
}

/** Page and read API; the API is answered by a process of its own. */
async function addWeb(http: FastifyInstance, settings: Settings, log: Logger): Promise<void> {
  const [{ addForwardedApi }, { addPage }, { Reader }] = await Promise.all([
    import('./http/api/api.js'),
    import('./http/page.js'),
    import('./web/reader.js'),
  ])
  const reader = new Reader(settings, log)
  addForwardedApi(http, reader.socketPath)
  if (!addPage(http)) addIndexPage(http)
  http.addHook('onClose', async () => reader.close())
}

/** First signal: stop receiving, write what is there, exit 0. Second signal, or the time is over: end at once, exit 1. */
function stopOnSignals(crew: Crew, http: FastifyInstance, store: Store, settings: Settings, log: Logger): void {
  let stoppingSince: number | null = null
  const endNow = (why: string): void => {
    log.error(`ended without writing everything: ${why}`)
    crew.kill()
    process.exit(1)
  }
  const stop = async (signal: string): Promise<void> => {
    if (stoppingSince !== null) {
      // some launchers send the first one twice
      if (performance.now() - stoppingSince > SECOND_SIGNAL_MS) endNow(`a second signal (${signal})`)
      return
    }
    stoppingSince = performance.now()
    log.info(`${signal}: stopping, within ${settings.shutdownTimeoutMs} ms`)
    setTimeout(
      () => endNow('shutdownTimeoutMs is over; raise it if the store needs longer'),
      settings.shutdownTimeoutMs,
    ).unref()
    const lost = await crew.stop()
    await http.close()
    await store.close()
    if (lost > 0)
      log.error(
        `stopped; ${lost} messages or counts were lost, for the store did not take them in time: see /health/ready before the next stop`,
      )
    else log.info('stopped')
    process.exit(lost > 0 ? 1 : 0)
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal))
}

function httpPort(http: FastifyInstance): number {
  const address = http.server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

function readyLine(ports: Ports, http: number, settings: Settings): string {
  return `READY tcp=${ports.tcp} stat=${ports.stat} span=${ports.span} http=${http} store=${settings.store} pid=${process.pid}\n`
}
