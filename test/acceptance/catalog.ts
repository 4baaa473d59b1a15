// The catalog of the service pack's broker. Instances and buildpacks in the field depend on these values.

const WANTED = {
  service: {
    id: '801bd048-c570-4629-8539-301e68fe0611',
    name: 'Pinpoint',
    description: 'A simple pinpoint implementation',
    bindable: true,
  },
  plan: { id: 'pinpoint_plan', name: 'Pinpoint_standard', free: true },
  tag: 'pinpoint',
} as const

export interface CatalogEntry {
  service: { id: string; name: string; description: string; bindable: boolean; tags: string[] }
  plan: { id: string; name: string; free: boolean }
}

/** The one service with its one plan; throws when there is not exactly one of each. */
export function parseCatalog(body: unknown): CatalogEntry {
  const { services } = (body ?? {}) as { services?: unknown }
  if (!Array.isArray(services) || services.length !== 1) throw new Error('the catalog has not exactly one service')
  const service = services[0]
  if (!Array.isArray(service.plans) || service.plans.length !== 1)
    throw new Error('the service has not exactly one plan')
  return { service, plan: service.plans[0] }
}

/** What is not as buildpacks and existing instances know it. */
export function catalogProblems(entry: CatalogEntry): string[] {
  const differing = (of: string, found: object, wanted: object): string[] =>
    Object.entries(wanted)
      .filter(([name, value]) => (found as Record<string, unknown>)[name] !== value)
      .map(([name, value]) => `${of}.${name} is not ${JSON.stringify(value)}`)
  const tagged = Array.isArray(entry.service.tags) && entry.service.tags.includes(WANTED.tag)
  return [
    ...differing('service', entry.service, WANTED.service),
    ...differing('plan', entry.plan, WANTED.plan),
    ...(tagged ? [] : [`service.tags has no "${WANTED.tag}"`]),
  ]
}
