export interface CollectorAddress {
  host: string
  tcp: string
  stat: string
  span: string
}

/** The ports in the settings; those of a collector elsewhere when this process has none. */
export function collectorAddress(host: string, settings: ReadonlyMap<string, string>): CollectorAddress {
  const port = (name: string, usual: string): string => {
    const value = settings.get(name)
    return value === undefined || value === '0' ? usual : value
  }
  return {
    host: host === '' ? 'localhost' : host.replace(/^\[|\]$/g, ''),
    tcp: port('tcp.port', '29994'),
    stat: port('stat.port', '29995'),
    span: port('span.port', '29996'),
  }
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
