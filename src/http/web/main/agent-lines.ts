import type { Configuration, Listening } from '../api/settings.js'

export interface CollectorAddress {
  host: string
  tcp: number | string
  stat: number | string
  span: number | string
}

/** Stands where only the reader of the page knows what belongs. */
const HOST_OF_COLLECTOR = 'HOST_OF_THE_COLLECTOR'

/** The collector that serves the page; of another one the host is not known, and the ports are those in the settings. */
export function collectorAddress(pageHost: string, { listening, settings }: Configuration): CollectorAddress {
  if (listening !== null) return { ...portsOf(listening), host: pageHost.replace(/^\[|\]$/g, '') }
  const port = (name: string): string => settings.get(name) ?? '0'
  return { host: HOST_OF_COLLECTOR, tcp: port('tcp.port'), stat: port('stat.port'), span: port('span.port') }
}

function portsOf({ tcp, stat, span }: Listening): Omit<CollectorAddress, 'host'> {
  return { tcp, stat, span }
}

/** What pinpoint.config of an agent needs. */
export function configLines(address: CollectorAddress): string {
  return [
    `profiler.collector.ip=${address.host}`,
    `profiler.collector.tcp.port=${address.tcp}`,
    `profiler.collector.stat.port=${address.stat}`,
    `profiler.collector.span.port=${address.span}`,
  ].join('\n')
}

/** What the command line of the traced application needs; names have at most 24 characters. */
export const JAVA_OPTIONS = [
  '-javaagent:/path/to/pinpoint-agent/pinpoint-bootstrap.jar',
  '-Dpinpoint.agentId=my-app-1',
  '-Dpinpoint.applicationName=MY-APP',
].join('\n')
