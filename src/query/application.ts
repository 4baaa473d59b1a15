import { type ServiceType, serviceType } from './service-types.js'

/** A node of the map: an application, a database, a host, the users of an application. */
export interface Application {
  name: string
  type: ServiceType
}

export function application(name: string, typeCode: number): Application {
  return { name, type: serviceType(typeCode) }
}

/** The same text for the same application. */
export function applicationKey({ name, type }: Application): string {
  return `${name}^${type.code}`
}

/** How pages and links name a node. */
export function nodeName({ name, type }: Application): string {
  return `${name}^${type.desc}`
}
