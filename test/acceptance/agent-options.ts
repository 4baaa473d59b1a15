import { crc32 } from 'node:zlib'
import type { PinpointCredentials } from './vcap-services.js'

// What the buildpack of the service pack makes of credentials: four lines of pinpoint.config and three options of the JVM.

/** The lines of pinpoint.config that credentials stand for. */
export function agentSettings(credentials: PinpointCredentials): Map<string, string> {
  return new Map([
    ['profiler.collector.ip', credentials.collector_host],
    ['profiler.collector.tcp.port', String(credentials.collector_tcp_port)],
    ['profiler.collector.stat.port', String(credentials.collector_stat_port)],
    ['profiler.collector.span.port', String(credentials.collector_span_port)],
  ])
}

/** A pinpoint.config with these lines changed and all others as they are; throws when one of them is not there to change. */
export function rewriteAgentConfig(config: string, settings: ReadonlyMap<string, string>): string {
  const left = new Set(settings.keys())
  const lines = config.split('\n').map((line) => {
    const name = line.split('=', 1)[0].trim()
    const value = settings.get(name)
    if (value === undefined || !line.includes('=')) return line
    left.delete(name)
    return `${name}=${value}`
  })
  if (left.size > 0) throw new Error(`pinpoint.config has no line ${[...left].join(', ')}: is it that of an agent?`)
  return lines.join('\n')
}

/** The id of a container start: the decimal checksum of a fresh UUID, at most ten digits. */
export function agentIdOf(uuid: string): string {
  return String(crc32(uuid))
}

/** Options of the JVM; `bootstrap` is the path of pinpoint-bootstrap-VERSION.jar. */
export function javaOptions(bootstrap: string, agentId: string, applicationName: string): string {
  return [
    `-javaagent:${bootstrap}`,
    `-Dpinpoint.agentId=${agentId}`,
    `-Dpinpoint.applicationName=${applicationName}`,
  ].join(' ')
}

/** What a start command is told: the same as above, for launchers that take variables. */
export function agentVariables(credentials: PinpointCredentials, agentId: string): Record<string, string> {
  return {
    PINPOINT_AGENT_ID: agentId,
    PINPOINT_APPLICATION_NAME: credentials.application_name,
    PINPOINT_COLLECTOR_HOST: credentials.collector_host,
    PINPOINT_COLLECTOR_TCP_PORT: String(credentials.collector_tcp_port),
    PINPOINT_COLLECTOR_STAT_PORT: String(credentials.collector_stat_port),
    PINPOINT_COLLECTOR_SPAN_PORT: String(credentials.collector_span_port),
  }
}
