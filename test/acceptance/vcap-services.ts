// VCAP_SERVICES as a platform makes it of a catalog and of the answer to a binding, and how a buildpack reads it:
//
//   { <label>: [ { name, label, tags, plan, credentials, provider, syslog_drain_url, volume_mounts } ] }

/** Credentials of a binding, in exactly this shape; ports are numbers. */
export interface PinpointCredentials {
  application_name: string
  collector_host: string
  collector_span_port: number
  collector_stat_port: number
  collector_tcp_port: number
}

export interface BoundService {
  name: string
  label: string
  tags: string[]
  plan: string
  credentials: PinpointCredentials
  provider: null
  syslog_drain_url: string | null
  volume_mounts: unknown[]
}

export type VcapServices = Record<string, BoundService[]>

const PORTS = ['collector_span_port', 'collector_stat_port', 'collector_tcp_port'] as const
const TEXTS = ['application_name', 'collector_host'] as const

/** What is wrong with credentials; empty when they have the exact shape. */
export function credentialProblems(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return ['there are no credentials']
  const found = value as Record<string, unknown>
  const problems: string[] = []
  for (const name of TEXTS) if (typeof found[name] !== 'string' || found[name] === '') problems.push(`${name}: no text`)
  for (const name of PORTS) {
    const port = found[name]
    if (!Number.isInteger(port) || Number(port) < 1 || Number(port) > 65535) problems.push(`${name}: no port number`)
  }
  const known = new Set<string>([...TEXTS, ...PORTS])
  for (const name of Object.keys(found)) if (!known.has(name)) problems.push(`${name}: not known to buildpacks`)
  return problems
}

/** The variable of an application with one binding. */
export function vcapServices(
  service: { name: string; tags: string[] },
  plan: string,
  instance: string,
  credentials: PinpointCredentials,
): VcapServices {
  const bound: BoundService = {
    credentials,
    label: service.name,
    name: instance,
    plan,
    provider: null,
    syslog_drain_url: null,
    tags: service.tags,
    volume_mounts: [],
  }
  return { [service.name]: [bound] }
}

/**
 * The one service that the buildpack of the service pack takes: "pinpoint", in small letters, in name, label or a tag, and a
 * collector_host. Throws when there is none, or more than one.
 */
export function pinpointService(services: VcapServices): BoundService {
  const fits = (bound: BoundService): boolean =>
    [bound.name, bound.label, ...bound.tags].some((text) => text.includes('pinpoint')) &&
    bound.credentials.collector_host !== undefined
  const found = Object.values(services).flat().filter(fits)
  if (found.length !== 1) throw new Error(`${found.length} bound services fit the buildpack, which takes exactly one`)
  return found[0]
}
