import type { FastifyInstance } from 'fastify'
import type { Settings } from './config/settings.js'
import { CollectorIntrospection } from './introspection.js'
import { listenError } from './listen-error.js'
import type { Logger } from './log.js'
import type { Ports } from './pipeline.js'
import { openStore } from './store/open-store.js'
import type { Store } from './store/store.js'
import { ClusterSupervisor } from './worker/cluster-supervisor.js'
import { workerCount } from './worker/count.js'
import type { WorkerHandle, WorkerTotals } from './worker/report.js'
import { Worker } from './worker/worker.js'

/** A signal this soon after the first is the same wish. */
const SECOND_SIGNAL_MS = 500

/** The workers of this collector, in this process or in several. */
interface Crew {
  workers: readonly WorkerHandle[]
  start(): Promise<Ports>
  /** @returns messages that the store did not take in time */
  stop(): Promise<number>
  /** at once, without writing what is in flight */
  kill(): void
  lostMessages(): number
  /** messages that dead worker processes left on disk */
  leftMessages(): number
  /** counters of worker processes that died */
  retired(): WorkerTotals['metrics']
}

/** Starts the collector, prints READY, and returns; signals stop it. */
export async function startCollector(settings: Settings, log: Logger): Promise<void> {
  const count = workerCount(settings)
  // processes take the longest to start, so they go first
  const supervisor = count > 1 ? new ClusterSupervisor(count, settings, log) : null
  const starting = supervisor?.start()
  starting?.catch(() => {})
  try {
    const [store, { createHttpServer }] = await Promise.all([
      openStore(settings, 'maintain', log),
      import('./http/server.js'),
    ])
    if (store.kind === 'embedded') await store.ensureTables()
    const crew = supervisor === null ? crewOfOne(new Worker(settings, store, log, 0)) : crewOf(supervisor)
    const { workers, lostMessages, leftMessages, retired } = crew
    const collector = { settings, store, workers, lostMessages, leftMessages, retired, now: Date.now }
    const http = createHttpServer({
      introspection: new CollectorIntrospection(collector),
      log,
      password: settings.httpPassword,
    })
    const ports = await (starting ?? crew.start())
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

function crewOfOne(worker: Worker): Crew {
  return {
    workers: [worker],
    start: () => worker.start(),
    stop: () => worker.stop(),
    kill: () => {},
    lostMessages: () => 0,
    leftMessages: () => 0,
    retired: () => [],
  }
}

function crewOf(supervisor: ClusterSupervisor): Crew {
  return {
    workers: supervisor.workers,
    start: () => supervisor.start(),
    stop: () => supervisor.stop(),
    kill: () => supervisor.kill(),
    lostMessages: () => supervisor.lostMessages,
    leftMessages: () => supervisor.leftMessages,
    retired: () => supervisor.retired,
  }
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
        `stopped; ${lost} messages were lost, for the store did not take them in time: see /health/ready before the next stop`,
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
