import type { Credentials } from './credentials.js'

/** What was asked for when the instance was provisioned: a repeat must ask for the same. */
export interface ServiceInstance {
  id: string
  serviceId: string
  planId: string
  organizationGuid: string
  spaceGuid: string
  /** canonical JSON of an object */
  parameters: string
}

/** What was asked for, and what was answered. */
export interface ServiceBinding {
  id: string
  instanceId: string
  serviceId: string
  planId: string
  /** null: a service key */
  appGuid: string | null
  /** canonical JSON of an object */
  parameters: string
  credentials: Credentials
}

/** All instances and bindings. A draft is changed and written as a whole, or thrown away. */
export class BrokerState {
  private readonly instanceById: Map<string, ServiceInstance>
  private readonly bindingById: Map<string, ServiceBinding>
  private readonly countByHost: Map<string, number>
  /** a draft that differs from what it was made of */
  changed = false

  constructor(from?: BrokerState) {
    this.instanceById = new Map(from?.instanceById)
    this.bindingById = new Map(from?.bindingById)
    this.countByHost = new Map(from?.countByHost)
  }

  get instances(): ReadonlyMap<string, ServiceInstance> {
    return this.instanceById
  }

  get bindings(): ReadonlyMap<string, ServiceBinding> {
    return this.bindingById
  }

  /** Bindings by collector; hosts without any may be absent. */
  get bindingsByHost(): ReadonlyMap<string, number> {
    return this.countByHost
  }

  addInstance(instance: ServiceInstance): void {
    this.instanceById.set(instance.id, instance)
    this.changed = true
  }

  /** Removes the instance and the bindings it still has. @returns how many those were */
  removeInstance(id: string): number {
    const orphans = [...this.bindingById.values()].filter((b) => b.instanceId === id)
    for (const { id: bindingId } of orphans) this.removeBinding(bindingId)
    this.instanceById.delete(id)
    this.changed = true
    return orphans.length
  }

  addBinding(binding: ServiceBinding): void {
    this.bindingById.set(binding.id, binding)
    this.count(binding, 1)
    this.changed = true
  }

  removeBinding(id: string): void {
    const binding = this.bindingById.get(id)
    if (binding === undefined) return
    this.bindingById.delete(id)
    this.count(binding, -1)
    this.changed = true
  }

  private count(binding: ServiceBinding, by: number): void {
    const host = binding.credentials.collector_host
    const count = (this.countByHost.get(host) ?? 0) + by
    if (count === 0) this.countByHost.delete(host)
    else this.countByHost.set(host, count)
  }
}
