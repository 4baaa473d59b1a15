import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { packageVersion } from '../cli/version.js'
import type { Settings } from '../config/settings.js'
import { SettingsError } from '../errors.js'
import { listenError } from '../listen-error.js'
import type { Logger } from '../log.js'
import { brokerProblems, brokerWarnings, offerOf, platformCredentials } from './broker-settings.js'
import { Instances } from './instances.js'
import { createBrokerServer } from './server.js'
import { StateFile } from './state-file.js'

const IDLE_SWEEP_MS = 50

/** Starts the service broker, prints READY, and returns; signals stop it. */
export async function startBroker(settings: Settings, log: Logger): Promise<void> {
  const problems = brokerProblems(settings)
  if (problems.length > 0) throw new SettingsError(problems.join('\n'))
  for (const warning of brokerWarnings(settings)) log.warn(warning)
  const { file, state, bytes } = await StateFile.open(settings.brokerStateDir)
  const instances = new Instances(file, state, bytes, settings.brokerMaxPendingCalls)
  const offer = offerOf(settings)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const server = createBrokerServer({
    instances,
    offer,
    ...platformCredentials(settings),
    version: packageVersion(),
    registry,
    log,
  })
  const { brokerHost: host, brokerPort: port } = settings
  await server.listen({ host, port }).catch((error: unknown) => {
    file.close()
    throw listenError(error, 'HTTP', host, port, 'broker.port')
  })
  stopOnSignals(server, instances, file, settings, log)
  log.info(
    { instances: state.instances.size, bindings: state.bindings.size },
    `state read from ${settings.brokerStateDir}`,
  )
  process.stdout.write(
    `READY broker=${listeningPort(server)} collectors=${offer.collectors.length} pid=${process.pid}\n`,
  )
}

/** First signal: answer what was asked, exit 0. A second one, or the end of the time: end at once; what was acknowledged is on disk. */
function stopOnSignals(
  server: FastifyInstance,
  instances: Instances,
  file: StateFile,
  settings: Settings,
  log: Logger,
): void {
  let stopping = false
  const stop = async (signal: string): Promise<void> => {
    if (stopping) process.exit(1)
    stopping = true
    log.info(`${signal}: stopping`)
    setTimeout(() => process.exit(1), settings.shutdownTimeoutMs).unref()
    // connections that are idle only after their answer
    const sweep = setInterval(() => server.server.closeIdleConnections(), IDLE_SWEEP_MS)
    await server.close()
    clearInterval(sweep)
    await instances.idle()
    file.close()
    log.info('stopped')
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal))
}

function listeningPort(server: FastifyInstance): number {
  const address = server.server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}
