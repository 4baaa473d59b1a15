/** What an application finds in VCAP_SERVICES; names, order and types are what the buildpack reads (spec: operations.md §7.6). */
export interface Credentials {
  application_name: string
  collector_host: string
  collector_span_port: number
  collector_stat_port: number
  collector_tcp_port: number
}

/** The three ports of every collector. */
export interface CollectorPorts {
  tcp: number
  stat: number
  span: number
}

export function credentialsFor(applicationName: string, host: string, ports: CollectorPorts): Credentials {
  return {
    application_name: applicationName,
    collector_host: host,
    collector_span_port: ports.span,
    collector_stat_port: ports.stat,
    collector_tcp_port: ports.tcp,
  }
}
